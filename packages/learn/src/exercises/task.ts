// Parses `task.md`: three lines of front matter, then five sections.

export type Kind = 'predict' | 'fix' | 'build';

export interface Task {
  readonly title: string;
  readonly kind: Kind;
  /** A part of the failure message of the unmodified problem. */
  readonly fails: string;
  /** Markdown, like all that follows. */
  readonly situation: string;
  readonly task: string;
  /** What to think about, where to look, which line to write. */
  readonly hints: readonly [nudge: string, place: string, line: string];
}

/** Throws an Error that names the missing part. */
export function parseTask(markdown: string): Task {
  const [, front = '', body = ''] = /^---\n(.*?)\n---\n(.*)$/s.exec(markdown.replaceAll('\r\n', '\n')) ?? [];
  const fields = new Map(
    [...front.matchAll(/^(\w+): *(.+)$/gm)].map(([, name = '', value = '']) => [name, unquoted(value)]),
  );
  const parts = body.split(/^## /m).slice(1);
  const sections = new Map(
    parts.map((part) => {
      const [heading = '', ...lines] = part.split('\n');
      return [heading.trim(), lines.join('\n').trim()];
    }),
  );
  const field = (name: string): string => present(fields.get(name), `"${name}:" between two lines "---" at the top`);
  const section = (name: string): string => present(sections.get(name), `section "## ${name}"`);
  return {
    title: field('title'),
    kind: kindOf(field('kind')),
    fails: field('fails'),
    situation: section('Situation'),
    task: section('Task'),
    hints: [section('Nudge'), section('Place'), section('Line')],
  };
}

function kindOf(text: string): Kind {
  if (text === 'predict' || text === 'fix' || text === 'build') return text;
  throw new Error(`"kind: ${text}" is not predict, fix or build`);
}

function present(text: string | undefined, what: string): string {
  if (text === undefined || text === '') throw new Error(`there is no ${what}`);
  return text;
}

/** A value with a colon or a hash in it is quoted, as in YAML. */
function unquoted(value: string): string {
  return /^(["']).*\1$/.test(value) ? value.slice(1, -1) : value;
}

/** The code that a hint quotes: the lines of its fences or, without a fence, its inline code. */
export function quotedCode(hint: string): string[] {
  const fences = [...hint.matchAll(/^```\w*\n(.*?)\n```$/gms)].flatMap(([, code = '']) => code.split('\n'));
  const quoted = fences.length > 0 ? fences : [...hint.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
  return quoted.map((line) => line.trim()).filter((line) => line !== '');
}
