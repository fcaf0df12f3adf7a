// A fence with `output="command"` shows what the command prints, run in the page's folder without a key.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Page } from './markdown.ts';

/** The quoted outputs of a page that the commands do not print, one line each. */
export function staleOutputs(page: Page): string[] {
  return page.fences.flatMap(({ line, attributes, text }) => {
    const command = attributes.get('output');
    if (command === undefined) return [];
    const printed = masked(outputOf(command, dirname(page.file)));
    return printed.includes(masked(text))
      ? []
      : [`${page.file}:${line}: ${command} prints something else:\n${printed}`];
  });
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
      PATH: `${bin}:${process.env['PATH']}`,
    },
  });
  return stdout;
}

const bin = join(import.meta.dirname, '../../node_modules/.bin');
