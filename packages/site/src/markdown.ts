// What the site does to the repository's Markdown while it is rendered; the files stay as they are.
import { posix } from 'node:path';
import { attributesOf } from '../../../scripts/docs/markdown.ts';
import { siteTarget } from './links.ts';
import { programOf } from './programs.ts';

interface Token {
  readonly type: string;
  readonly info: string;
  readonly content: string;
  readonly children: readonly Token[] | null;
  attrGet(name: string): string | null;
  attrSet(name: string, value: string): void;
}

interface Env {
  /** The address of the page as a path; on the site of a page whose file is elsewhere, `realPath` is the file. */
  readonly path: string;
  readonly realPath?: string;
}

type Rule = (tokens: readonly Token[], index: number, options: unknown, env: Env, self: unknown) => string;

interface Markdown {
  readonly core: {
    readonly ruler: {
      push(name: string, rule: (state: { readonly tokens: readonly Token[]; readonly env: Env }) => void): void;
    };
  };
  readonly renderer: { readonly rules: { fence?: Rule } };
}

export function siteMarkdown(md: Markdown, root: string): void {
  const pageOf = ({ path, realPath }: Env): string => posix.relative(root, realPath ?? path);
  md.core.ruler.push('site-links', ({ tokens, env }) => {
    for (const token of tokens.flatMap(({ children }) => children ?? []))
      if (token.type === 'link_open') token.attrSet('href', siteTarget(token.attrGet('href') ?? '', pageOf(env), root));
  });
  const { fence } = md.renderer.rules;
  if (fence === undefined) throw new Error('VitePress renders no fences');
  md.renderer.rules.fence = (tokens, index, options, env, self) => {
    const { info = '', content = '' } = tokens[index] ?? {};
    if (info.startsWith('mermaid')) return `<MermaidDiagram code="${encodeURIComponent(content)}" />`;
    return framed(fence(tokens, index, options, env, self), info, content.trimEnd(), pageOf(env), root);
  };
}

/** With a link to the file that the code is from, and with a Run button where the page asks for one. */
function framed(html: string, info: string, code: string, page: string, root: string): string {
  const attributes = attributesOf(info);
  const source = attributes.get('source');
  if (source === undefined) return html;
  const [path = ''] = source.split('#');
  const caption = `<p class="from"><a href="${siteTarget(path, page, root)}" target="_blank" rel="noreferrer">${path.split('/').at(-1)}</a></p>`;
  if (!attributes.has('run')) return `<div class="snippet">${caption}${html}</div>`;
  const program = encodeURIComponent(JSON.stringify(programOf(root, page, attributes, code)));
  return `<div class="snippet">${caption}<RunnableCode program="${program}">${html}</RunnableCode></div>`;
}
