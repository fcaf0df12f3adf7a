// Mermaid as its package ships it for browsers: copied, because bundling it takes longer than everything else.
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installed } from './tools.ts';

/** As `.js`: some servers send `.mjs` as a file to download. */
export function copyMermaid(folder: string): void {
  const from = fileURLToPath(installed('mermaid/dist'));
  for (const file of globSync(['mermaid.esm.min.mjs', 'chunks/mermaid.esm.min/*.mjs'], { cwd: from })) {
    const to = join(folder, file.replace(/\.mjs$/, '.js'));
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, readFileSync(join(from, file), 'utf8').replaceAll(/(["'][./][^"'\s]*)\.mjs(?=["'])/g, '$1.js'));
  }
}
