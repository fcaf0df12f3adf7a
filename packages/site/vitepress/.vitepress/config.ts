// The site: the repository's Markdown, where routes.ts says.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitepress';
import { anchorOf } from '../../../../scripts/docs/links.ts';
import { apiSidebars } from '../../src/api-sidebars.ts';
import { HOME, NAVIGATION } from '../../src/home.ts';
import { siteMarkdown } from '../../src/markdown.ts';
import { routeOf } from '../../src/routes.ts';
import { sidebar } from '../../src/sidebar.ts';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** The pages lie outside this folder, whose modules only it can find. */
const ownModules = {
  name: 'own-modules',
  enforce: 'pre' as const,
  resolveId(
    this: { resolve(id: string, importer: string, options: object): Promise<unknown> },
    id: string,
    importer = '',
  ) {
    const isFromPage = importer.startsWith(root) && !importer.includes('/node_modules/');
    return isFromPage && /^vue(?:\/|$)/.test(id)
      ? this.resolve(id, fileURLToPath(import.meta.url), { skipSelf: true })
      : null;
  },
};

export default defineConfig({
  title: 'Turnstream',
  description: 'Agents that stream and remember: a small TypeScript library and the chapters that explain it.',
  lang: 'en',
  srcDir: root,
  srcExclude: ['**/exercises/**', '**/.*/**', 'packages/parity/**', 'packages/*/*/**/README.md'],
  outDir: '../dist',
  cacheDir: '../.cache',
  rewrites: (page: string) => routeOf(page) ?? page,
  transformPageData: ({ relativePath }) => (relativePath === 'index.md' ? { frontmatter: HOME } : {}),
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: 'data:,' }]],
  markdown: {
    anchor: { slugify: anchorOf },
    // The contrast of the usual ones is too low on the background of code.
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    config: (md) => siteMarkdown(md, root),
  },
  themeConfig: {
    search: { provider: 'local' },
    notFound: {
      title: 'No such page',
      quote: 'The address may be old. The search knows every page.',
      linkText: 'Front page',
      linkLabel: 'Front page',
    },
    outline: [2, 3],
    sidebar: { '/': sidebar(root), ...apiSidebars(fileURLToPath(new URL('../../api', import.meta.url))) },
    nav: NAVIGATION,
    docFooter: { prev: 'Previous', next: 'Next' },
  },
  vite: {
    plugins: [ownModules],
    publicDir: fileURLToPath(new URL('../../public', import.meta.url)),
    esbuild: { tsconfigRaw: '{}' },
  },
  metaChunk: true,
});
