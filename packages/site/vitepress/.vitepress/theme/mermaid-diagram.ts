// A diagram, drawn in the browser from its source, in the colors of the page. Until then, and without scripts, its source.
import { useData, withBase } from 'vitepress';
import { defineComponent, h, onMounted, ref, useId, watch } from 'vue';

interface Mermaid {
  initialize(config: object): void;
  render(id: string, source: string): Promise<{ readonly svg: string }>;
}

const KINDS: Readonly<Record<string, string>> = {
  sequenceDiagram: 'Sequence diagram',
  stateDiagram: 'State diagram',
  flowchart: 'Flowchart',
};

export const MermaidDiagram = defineComponent({
  props: { code: { type: String, required: true } },
  setup({ code }) {
    const source = decodeURIComponent(code);
    const kind = KINDS[/^\w+/.exec(source)?.[0] ?? ''] ?? 'Diagram';
    const { isDark } = useData();
    const drawn = ref('');
    const id = `diagram-${useId()}`;
    onMounted(() =>
      watch(isDark, async (dark) => (drawn.value = await draw(id, source, dark)), { immediate: true, flush: 'post' }),
    );
    return () =>
      h('figure', { class: 'diagram', tabindex: 0, 'aria-label': kind }, [
        drawn.value === '' ? h('pre', source) : h('div', { innerHTML: drawn.value }),
      ]);
  },
});

async function draw(id: string, source: string, isDark: boolean): Promise<string> {
  // A whole address, which the bundler leaves alone.
  const address = new URL(withBase('/mermaid/mermaid.esm.min.js'), location.href).href;
  const { default: mermaid } = (await import(/* @vite-ignore */ address)) as { default: Mermaid };
  const page = getComputedStyle(document.documentElement);
  const color = (name: string): string => page.getPropertyValue(`--vp-c-${name}`).trim();
  mermaid.initialize({
    startOnLoad: false,
    theme: 'base',
    securityLevel: 'strict',
    fontFamily: 'inherit',
    themeVariables: {
      darkMode: isDark,
      background: color('bg'),
      primaryColor: color('bg-soft'),
      primaryTextColor: color('text-1'),
      primaryBorderColor: color('border'),
      lineColor: color('text-2'),
      textColor: color('text-1'),
      edgeLabelBackground: color('bg'),
      noteBkgColor: color('bg-elv'),
      noteTextColor: color('text-1'),
      noteBorderColor: color('border'),
      clusterBkg: color('bg-alt'),
      clusterBorder: color('divider'),
      labelBoxBkgColor: color('bg-soft'),
      labelBoxBorderColor: color('border'),
    },
  });
  // The tints of the pages are for a light background.
  const tinted = isDark ? source.replaceAll(/\brect rgb\((.+)\)/g, 'rect rgba($1, 0.07)') : source;
  const { svg } = await mermaid.render(id, tinted);
  return svg;
}
