// What the site does to the repository's Markdown while it is rendered; the files stay as they are.
import { siteTarget } from './links.ts';

interface Token {
  readonly type: string;
  readonly children: readonly Token[] | null;
  attrGet(name: string): string | null;
  attrSet(name: string, value: string): void;
}

interface Markdown {
  readonly core: {
    readonly ruler: { push(name: string, rule: (state: State) => void): void };
  };
}

interface State {
  readonly tokens: readonly Token[];
  readonly env: { readonly path: string };
}

export function siteMarkdown(md: Markdown, root: string): void {
  md.core.ruler.push('site-links', ({ tokens, env }) => {
    const file = env.path.slice(root.length);
    for (const token of tokens.flatMap(({ children }) => children ?? []))
      if (token.type === 'link_open') token.attrSet('href', siteTarget(token.attrGet('href') ?? '', file, root));
  });
}
