// Builds the site: `pnpm site`. `--base /path/` for a site below a path, `--serve` to look at it on loopback.
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeApi } from './src/api.ts';
import { brokenParts } from './src/built-site.ts';
import { copyMermaid } from './src/mermaid-files.ts';
import { bundleRun } from './src/run-bundle.ts';
import { serve } from './src/serve.ts';
import { buildPages, installTools } from './src/tools.ts';

const { values } = parseArgs({
  options: {
    base: { type: 'string', default: '/' },
    serve: { type: 'boolean' },
    port: { type: 'string', default: '4173' },
  },
});
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const root = here('../../');
const dist = here('dist');
const base = `/${values.base}/`.replaceAll(/\/{2,}/g, '/');

for (const folder of ['api', 'dist', 'public']) rmSync(here(folder), { recursive: true, force: true });
installTools();
const undocumented = await writeApi(root);
copyMermaid(here('public/mermaid'));
await bundleRun(here('public/run'));
buildPages(base);

const problems = [...undocumented.map((name) => `no description: ${name}`), ...brokenParts({ dist, base, root })];
for (const problem of problems) console.error(problem);
console.log(`site: ${problems.length} problems; static files for ${base} in packages/site/dist`);
process.exitCode = problems.length === 0 ? 0 : 1;
if (values.serve === true) {
  const { url } = await serve(dist, base, Number(values.port));
  console.log(`${url}   Ctrl-C ends it`);
} else console.log('To look at it: npx -y pnpm@12 site --serve');
