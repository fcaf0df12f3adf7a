// Mermaid as its package ships it for browsers: copied, because bundling it takes longer than everything else.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installed } from './tools.ts';

const MODULES = ['mermaid.esm.min.mjs', 'chunks/mermaid.esm.min'];

export function copyMermaid(folder: string): void {
  for (const module of MODULES)
    cpSync(fileURLToPath(installed(`mermaid/dist/${module}`)), join(folder, module), {
      recursive: true,
      filter: (path) => !path.endsWith('.map'),
    });
}
