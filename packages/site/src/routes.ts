// Where each Markdown file of the repository is on the site.

/** Files by pattern, and the address of each without its ending; the first that matches decides. */
const ROUTES: readonly (readonly [RegExp, string])[] = [
  [/^README\.md$/, 'index'],
  [/^CONTRIBUTING\.md$/, 'contributing'],
  [/^tutorials\/([^/]+)\/README\.md$/, 'chapters/$1'],
  [/^packages\/site\/api\/(.+)\.md$/, 'api/$1'],
  [/^packages\/([^/]+)\/README\.md$/, 'packages/$1'],
  [/^docs\/README\.md$/, 'all-pages'],
  [/^docs\/(.+)\/README\.md$/, '$1/index'],
  [/^docs\/(.+)\.md$/, '$1'],
];

/** The address of a page from the root of the site, with the ending `.md`; null for a file that is not on the site. */
export function routeOf(file: string): string | null {
  for (const [pattern, route] of ROUTES) if (pattern.test(file)) return `${file.replace(pattern, route)}.md`;
  return null;
}
