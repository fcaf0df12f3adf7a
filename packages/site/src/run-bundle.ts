// What the Run buttons load: the worker, and the packages a snippet may import, as modules for browsers.
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { installed } from './tools.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const resolved = (name: string): string => fileURLToPath(import.meta.resolve(name));

/** The modules a snippet may import, and what each is in a tab. */
export const TAB_MODULES: ReadonlyMap<string, string> = new Map([
  ['@turnstream/core', resolved('@turnstream/core')],
  ['@turnstream/core/seams', resolved('@turnstream/core/seams')],
  ['@turnstream/openai', resolved('@turnstream/openai')],
  ['@turnstream/json-schema', resolved('@turnstream/json-schema')],
  ['@turnstream/config', here('run/modules/config.ts')],
  ['@turnstream/testkit/demo', here('run/modules/testkit-demo.ts')],
  ['node:timers/promises', here('run/modules/timers-promises.ts')],
  ['zod', resolved('zod')],
]);

/** Writes `worker.js` and the modules into a folder. */
export async function bundleRun(folder: string): Promise<void> {
  const files = new Map([...TAB_MODULES].map(([name, file]) => [fileName(name), file]));
  const addresses = Object.fromEntries([...TAB_MODULES.keys()].map((name) => [name, `./${fileName(name)}.js`]));
  const bundle = await rolldown({
    input: { ...Object.fromEntries(files), worker: here('run/worker.ts') },
    platform: 'browser',
    preserveEntrySignatures: 'strict',
    resolve: { alias: { sucrase: fileURLToPath(installed('sucrase/dist/esm/index.js')) } },
    transform: { define: { TAB_MODULES: JSON.stringify(addresses) } },
  });
  await bundle.write({
    dir: folder,
    format: 'esm',
    minify: true,
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
  });
  await bundle.close();
}

function fileName(module: string): string {
  return module.replace(/^@turnstream\//, '').replaceAll(/[:/]/g, '-');
}
