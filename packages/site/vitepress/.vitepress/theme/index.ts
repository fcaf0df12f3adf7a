// The default theme of VitePress.
import DefaultTheme from 'vitepress/theme';

export default DefaultTheme;
