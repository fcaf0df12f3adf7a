// What is wrong with the built site: links that lead nowhere, and anything that would be loaded from another origin.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { REPOSITORY } from './links.ts';

export interface BuiltSite {
  readonly dist: string;
  readonly base: string;
  /** The repository, whose files the site links to. */
  readonly root: string;
}

/** One line for each broken link or foreign resource. */
export function brokenParts(site: BuiltSite): readonly string[] {
  const pages = globSync('**/*.html', { cwd: site.dist }).toSorted();
  const htmlOf = new Map(pages.map((page) => [page, readFileSync(join(site.dist, page), 'utf8')]));
  const idsOf = new Map([...htmlOf].map(([page, html]) => [page, new Set(valuesOf(html, 'id'))]));
  const styles = globSync('**/*.css', { cwd: site.dist });
  return [
    ...pages.flatMap((page) => {
      const html = htmlOf.get(page) ?? '';
      const targets = [
        ...new Set([...html.matchAll(/<a\b[^>]*?\bhref="([^"]*)"/g)].map(([, href = '']) => decoded(href))),
      ];
      const broken = targets.flatMap((target) => problemOf(target, page, site, idsOf) ?? []);
      return [...broken, ...foreign(html)].map((problem) => `${page}: ${problem}`);
    }),
    ...styles.flatMap((file) =>
      foreign(readFileSync(join(site.dist, file), 'utf8')).map((problem) => `${file}: ${problem}`),
    ),
  ];
}

function problemOf(
  target: string,
  page: string,
  { dist, base, root }: BuiltSite,
  idsOf: ReadonlyMap<string, ReadonlySet<string>>,
): string | null {
  const inRepository = new RegExp(`^${REPOSITORY}/(?:blob|tree)/main/([^#]+)`).exec(target)?.[1];
  if (inRepository !== undefined)
    return existsSync(join(root, decodeURI(inRepository))) ? null : `${target}: no such file in the repository`;
  if (/^[a-z]+:/.test(target)) return null;
  const [path = '', anchor] = target.split('#');
  if (path.startsWith('/') && !path.startsWith(base)) return `${target}: outside of ${base}`;
  const wanted =
    path === '' ? page : path.startsWith('/') ? path.slice(base.length) : posix.join(posix.dirname(page), path);
  const file = wanted === '' || wanted.endsWith('/') ? `${wanted}index.html` : posix.normalize(wanted);
  if (!existsSync(join(dist, file))) return `${target}: no such page`;
  if (anchor === undefined || anchor === '') return null;
  return idsOf.get(file)?.has(decodeURIComponent(anchor)) === true ? null : `${target}: no such heading`;
}

/** What a browser loads by itself: scripts, styles, images and fonts. */
function foreign(text: string): readonly string[] {
  const loaded = [
    /<(?:script|img|source|iframe|video|audio|embed)\b[^>]*?\ssrc="([^"]*)"/g,
    /<link\b[^>]*?\shref="([^"]*)"/g,
    /url\(["']?([^"')]*)/g,
    /@import\s+["']([^"']*)/g,
  ].flatMap((pattern) => [...text.matchAll(pattern)].map(([, address = '']) => address));
  return loaded.filter((address) => /^(?:https?:)?\/\//.test(address)).map((address) => `loads ${address}`);
}

function valuesOf(html: string, attribute: string): readonly string[] {
  return [...html.matchAll(new RegExp(`\\s${attribute}="([^"]*)"`, 'g'))].map(([, value = '']) => decoded(value));
}

function decoded(attribute: string): string {
  return attribute
    .replaceAll('&amp;', '&')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>');
}
