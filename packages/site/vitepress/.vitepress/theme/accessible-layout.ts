// The layout of the default theme, with what it lacks for screen readers.
import { useRoute } from 'vitepress';
import DefaultTheme from 'vitepress/theme';
import { defineComponent, h, onMounted, watch } from 'vue';

export const AccessibleLayout = defineComponent({
  setup() {
    const route = useRoute();
    onMounted(() => watch(() => route.data, mend, { immediate: true, flush: 'post' }));
    return () => h(DefaultTheme.Layout);
  },
});

function mend(): void {
  // The front page and the page for unknown addresses have no `main`.
  const content = document.querySelector('#VPContent');
  if (content?.querySelector('main') === null) content.setAttribute('role', 'main');
  else content?.removeAttribute('role');
  // A section's arrow is a button inside of a button that does the same.
  for (const arrow of document.querySelectorAll('.VPSidebarItem [role=button] > .caret')) {
    arrow.removeAttribute('role');
    arrow.removeAttribute('tabindex');
  }
}
