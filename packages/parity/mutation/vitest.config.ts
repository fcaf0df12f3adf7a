// How a mutated package is tested: one thread, no isolation, and the package's public name means the copy.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import shared from '../../../vitest.shared.ts';

const { name, exports } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly name: string;
  readonly exports: Readonly<Record<string, string>>;
};
const doors = Object.entries(exports).filter(([, file]) => file.endsWith('.ts'));

const config: ViteUserConfig = defineConfig({
  // What is mutated is imported from the test itself, or by the package's name from a contract of another package.
  resolve: {
    alias: doors.map(([door, file]) => ({ find: new RegExp(`^${name}${door.slice(1)}$`), replacement: resolve(file) })),
  },
  test: {
    ...shared.test,
    include: (process.env['MUTATION_TESTS'] ?? '').split(' '),
    runner: fileURLToPath(new URL('warm-runner.ts', import.meta.url)),
    pool: 'threads',
    // Node's own loader knows no alias.
    experimental: { ...shared.test?.experimental, viteModuleRunner: true },
    maxWorkers: 1,
    maxConcurrency: 1,
    hookTimeout: 10_000,
    reporters: ['dot'],
    dangerouslyIgnoreUnhandledErrors: true,
  },
});

export default config;
