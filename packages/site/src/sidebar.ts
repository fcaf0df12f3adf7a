// The site's navigation, read from the folders: a page that is added appears in it.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { routeOf } from './routes.ts';

export interface Entry {
  readonly text: string;
  readonly link: string;
}

export interface Section {
  readonly text: string;
  readonly collapsed: boolean;
  readonly items: readonly Entry[];
}

export function sidebar(root: string): readonly Section[] {
  const named = (text: string, pattern: string, name: (file: string) => string, collapsed = false): Section => ({
    text,
    collapsed,
    items: globSync(pattern, { cwd: root })
      .toSorted()
      .map((file) => ({ text: name(file), link: linkTo(file) })),
  });
  const titled = (file: string): string => titleOf(join(root, file));
  const sections = [
    named('Chapters', 'tutorials/*/README.md', chapterName),
    named('Recipes', 'docs/recipes/*.md', titled, true),
    named('Understand', 'docs/understand/*.md', titled, true),
    named('Reference', 'docs/reference/*.md', titled, true),
    named('Packages', 'packages/*/README.md', packageName, true),
    named('Decisions', 'docs/decisions/*.md', titled, true),
    { text: 'Project', collapsed: true, items: project(root) },
  ];
  return sections.filter(({ items }) => items.length > 0);
}

function project(root: string): readonly Entry[] {
  return ['docs/README.md', 'CONTRIBUTING.md', 'docs/style.md'].map((file) => ({
    text: titleOf(join(root, file)),
    link: linkTo(file),
  }));
}

function linkTo(file: string): string {
  return `/${routeOf(file)?.replace(/\.md$/, '')}`;
}

function titleOf(file: string): string {
  const title = /^# (.+)$/m.exec(readFileSync(file, 'utf8'))?.[1] ?? file;
  return title.replaceAll('`', '');
}

/** `tutorials/03-streaming-and-multiturn/README.md`: "03 Streaming and multiturn". */
function chapterName(file: string): string {
  const [number = '', first = '', ...rest] = (file.split('/')[1] ?? '').split('-');
  return [number, first.charAt(0).toUpperCase() + first.slice(1), ...rest].join(' ');
}

function packageName(file: string): string {
  return file.split('/')[1] ?? file;
}
