// A quoted output is what its command prints, run in the page's folder without a key. The command is the first line of a
// `console` fence, after `$ `, where readers see it; or the fence's `output="command"`, where they do not.
import { spawnSync } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Fence, Page } from './markdown.ts';

/** The quoted outputs of a page that the commands do not print, one line each. */
export function staleOutputs(page: Page): string[] {
  return page.fences.flatMap((fence) => {
    const quoted = quotedOutput(fence);
    if (quoted === null) return [];
    const printed = masked(outputOf(quoted.command, dirname(page.file)));
    return printed.includes(masked(quoted.text))
      ? []
      : [`${page.file}:${fence.line}: ${quoted.command} prints something else:\n${printed}`];
  });
}

function quotedOutput({ language, attributes, text }: Fence): { command: string; text: string } | null {
  const command = attributes.get('output');
  if (command !== undefined) return { command, text };
  const [first = '', ...rest] = text.split('\n');
  return language === 'console' && first.startsWith('$ ') ? { command: first.slice(2), text: rest.join('\n') } : null;
}

/** Times and ids differ from run to run. */
export function masked(output: string): string {
  return stripVTControlCharacters(output)
    .replaceAll(/\d+(\.\d+)? (ms|s)\b/g, 'N $2')
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'UUID');
}

function outputOf(command: string, folder: string): string {
  const keys = ['LLM_PROVIDER', 'LLM_MODEL', 'OPENAI_API_KEY', 'OPENAI_BASE_URL', 'AZURE_OPENAI_ENDPOINT'];
  const { stdout } = spawnSync('sh', ['-c', `{ ${command}\n} 2>&1`], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 120_000,
    // An empty variable also hides the one in `.env`.
    env: {
      ...process.env,
      ...Object.fromEntries(keys.map((key) => [key, ''])),
      NO_COLOR: '1',
      PATH: pathFor(command),
    },
  });
  return stdout;
}

/** A reader's `npx` starts with the machine's own Node; other commands stand for a folder's programs. */
function pathFor(command: string): string {
  const path = process.env['PATH'] ?? '';
  if (!/\bnpx\b/.test(command)) return [join(import.meta.dirname, '../../node_modules/.bin'), path].join(delimiter);
  const own = path.split(delimiter).filter((folder) => !/[\\/]node_modules[\\/]/.test(folder));
  return own.join(delimiter);
}
