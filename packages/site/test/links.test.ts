import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { siteTarget } from '../src/links.ts';
import { routeOf } from '../src/routes.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const CHAPTER = 'tutorials/01-first-agent/README.md';

test('a link to a page stays on the site, with its anchor', () => {
  const links = [
    '../02-adding-tools/README.md',
    '../../docs/reference/glossary.md#session',
    '../../packages/core',
    '#idea',
  ];

  const targets = links.map((link) => siteTarget(link, CHAPTER, root));

  expect(targets).toEqual([
    '/chapters/02-adding-tools.md',
    '/reference/glossary.md#session',
    '/packages/core.md',
    '#idea',
  ]);
});

test('a link to a source file or a folder without a page leads to the repository', () => {
  const links = ['main.ts', '../../packages/core/src', 'https://example.org/a'];

  const targets = links.map((link) => siteTarget(link, CHAPTER, root));

  expect(targets).toEqual([
    'https://github.com/turnstream/turnstream/blob/main/tutorials/01-first-agent/main.ts',
    'https://github.com/turnstream/turnstream/tree/main/packages/core/src',
    'https://example.org/a',
  ]);
});

test('the README is the front page, and an exercise is not on the site', () => {
  expect(routeOf('README.md')).toBe('index.md');
  expect(routeOf('docs/recipes/README.md')).toBe('recipes/index.md');
  expect(routeOf('tutorials/01-first-agent/exercises/01-two-strangers/task.md')).toBeNull();
});
