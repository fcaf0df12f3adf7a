import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { notReady, publishOrder, type Releasable } from '../release/ready.ts';

function workspace(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'release-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

const one = (name: string, version: string, dependencies: Record<string, string> = {}): Releasable => ({
  directory: name,
  manifest: { name, version, dependencies },
});

test('packages with notes for their version and no pending changeset are ready', () => {
  const notes = '# core\n\n## 0.1.0\n\nFirst release.\n';
  const root = workspace({ '.changeset/README.md': '# Changesets', 'core/CHANGELOG.md': notes });

  const problems = notReady(root, [one('core', '0.1.0')]);

  expect(problems).toEqual([]);
});

test('every reason against a release is named at once', () => {
  const root = workspace({ '.changeset/brave-cat.md': '', 'core/CHANGELOG.md': '# core\n\n## 0.1.0\n' });

  const problems = notReady(root, [one('core', '0.2.0'), one('openai', '0.1.0')]);

  expect(problems).toEqual([
    '.changeset/brave-cat.md is not part of a version yet. Run: npx -y pnpm@12 changeset version',
    'The packages have the versions 0.2.0, 0.1.0; they need the same one.',
    'core/CHANGELOG.md has no notes for 0.2.0.',
    'openai/CHANGELOG.md has no notes for 0.1.0.',
  ]);
});

test('a package is published after the packages it depends on', () => {
  const config: Releasable = {
    directory: 'config',
    manifest: { name: 'config', version: '1.0.0', dependencies: { openai: '^1' }, peerDependencies: { testkit: '^1' } },
  };
  const packages = [config, one('openai', '1.0.0', { core: '^1' }), one('testkit', '1.0.0'), one('core', '1.0.0')];

  const order = publishOrder(packages).map(({ manifest }) => manifest.name);

  expect(order).toEqual(['core', 'openai', 'testkit', 'config']);
});
