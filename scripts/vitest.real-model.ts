// The test files of all packages that have tests for a real model, in one run.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import shared from '../vitest.shared.ts';

const root = join(import.meta.dirname, '..');
const files = globSync('{packages,tutorials}/*/test/**/*.test.ts', { cwd: root });

const realModel: ViteUserConfig = defineConfig({
  test: {
    ...shared.test,
    root,
    include: files.filter((file) => readFileSync(join(root, file), 'utf8').includes("tags: ['real-model']")),
    reporters: ['json'],
  },
});

export default realModel;
