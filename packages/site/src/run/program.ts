// A program of a page: its files, and which part of which file the page shows.

export interface Program {
  /** The file to run. */
  readonly entry: string;
  /** The sources by path. */
  readonly files: Readonly<Record<string, string>>;
  /** The file with the code on the page. */
  readonly shown: string;
  /** The code on the page, as it stands in that file. */
  readonly code: string;
}

/** The files with the code on the page replaced by what the reader made of it. */
export function withEdit({ files, shown, code }: Program, edited: string): Readonly<Record<string, string>> {
  return { ...files, [shown]: (files[shown] ?? '').replace(code, () => edited) };
}

/** What a module of a program imports: the name between the quotes, and whether only types. */
export function importsOf(source: string): readonly { readonly name: string; readonly isType: boolean }[] {
  return [...source.matchAll(IMPORT)].map(([, keyword = '', name = '']) => ({
    name,
    isType: /^(?:im|ex)port\s+type\b/.test(keyword),
  }));
}

/** An import at the start of a line, up to its quoted name. */
export const IMPORT = /^((?:import|export)\b(?:[^'";]*?\bfrom\b)?\s*)'([^']+)'/gm;
