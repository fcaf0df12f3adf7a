// The default theme, with diagrams and with snippets that run.
import DefaultTheme from 'vitepress/theme';
import type { App } from 'vue';
import { AccessibleLayout } from './accessible-layout.ts';
import { MermaidDiagram } from './mermaid-diagram.ts';
import { RunnableCode } from './runnable-code.ts';
import './site.css';

export default {
  extends: DefaultTheme,
  Layout: AccessibleLayout,
  enhanceApp({ app }: { app: App }): void {
    app.component('MermaidDiagram', MermaidDiagram);
    app.component('RunnableCode', RunnableCode);
  },
};
