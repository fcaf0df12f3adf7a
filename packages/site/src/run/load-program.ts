// From the files of a program to modules that a browser can load: types removed, imports resolved.
import { transform } from 'sucrase';
import type { Start } from './messages.ts';
import { IMPORT } from './program.ts';

/** The modules of the packages by name; the build fills it in. */
declare const TAB_MODULES: Readonly<Record<string, string>>;

export interface LoadedProgram {
  readonly url: string;
  /** The place in the shown file that a stack names first, in words. */
  lineOf(stack: string): string | null;
}

export function loadProgram({ entry, shown, files }: Start): LoadedProgram {
  const urls = new Map<string, string>();
  const load = (file: string, importers: readonly string[]): string => {
    if (importers.includes(file)) throw new Error(`${file} imports itself by way of ${importers.at(-1)}.`);
    const known = urls.get(file);
    if (known !== undefined) return known;
    const code = withoutTypes(files[file] ?? '', file).replace(IMPORT, (_all, head: string, name: string) => {
      const url = name.startsWith('.') ? load(joined(file, name), [...importers, file]) : urlOf(name);
      return `${head}'${url}'`;
    });
    const url = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
    urls.set(file, url);
    return url;
  };
  const url = load(entry, []);
  return {
    url,
    lineOf(stack) {
      const at = urls.get(shown);
      const line = at === undefined ? undefined : stack.split(`${at}:`)[1]?.split(':')[0];
      return line === undefined ? null : `at line ${line} of ${shown.split('/').at(-1)}`;
    },
  };
}

function withoutTypes(code: string, file: string): string {
  try {
    return transform(code, { transforms: ['typescript'], disableESTransforms: true }).code;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new SyntaxError(`${file.split('/').at(-1)}: ${message.replace('Error transforming ', '')}`);
  }
}

function urlOf(name: string): string {
  const url = TAB_MODULES[name];
  if (url === undefined)
    throw new Error(`"${name}" is not available in the tab. There are: ${Object.keys(TAB_MODULES).join(', ')}.`);
  return new URL(url, import.meta.url).href;
}

/** `a/b.ts` and `../c.ts`: `c.ts`. */
function joined(file: string, name: string): string {
  return new URL(name, `http://program/${file}`).pathname.slice(1);
}
