// A small course in a folder of its own, so that a test can solve, break and update its exercises.
import { mkdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const CHAPTER = 'tutorials/01-first-agent';

/** Each key is a file of `tutorials/01-first-agent/exercises/`. */
export type Files = Readonly<Record<string, string>>;

export class CourseFolder implements Disposable {
  readonly root: string;

  constructor(files: Files) {
    this.root = newFolder();
    writeFileSync(join(this.root, 'package.json'), '{ "type": "module" }');
    mkdirSync(join(this.root, CHAPTER), { recursive: true });
    symlinkSync(
      resolve(import.meta.dirname, '../../..', CHAPTER, 'node_modules'),
      join(this.root, CHAPTER, 'node_modules'),
    );
    for (const [name, text] of Object.entries(files)) this.write(name, text);
  }

  /** Writes a file of an exercise, such as `01-add/problem.ts`. */
  write(name: string, text: string): void {
    const path = join(this.root, CHAPTER, 'exercises', name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  /** The learner saves their file of an exercise, such as `add`. */
  save(name: string, text: string): void {
    writeFileSync(this.#mine(name), text);
  }

  /** What is in it. */
  mine(name: string): string {
    return readFileSync(this.#mine(name), 'utf8');
  }

  #mine(name: string): string {
    return join(this.root, 'my-work/01-first-agent', `${name}.ts`);
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true });
  }
}

/**
 * The first of `learn-1`, `learn-2`, ... that nobody has. Node keeps compiled code by path: with a new path each time,
 * every process would load the compiler that strips types, which is most of what a short process costs.
 */
function newFolder(): string {
  for (let number = 1; ; number += 1) {
    const path = join(realpathSync(tmpdir()), `learn-${number}`);
    try {
      mkdirSync(path);
      return path;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** An exercise in which `name` is to return `value`, and returns 0. */
export function returning(slug: string, name: string, value: number): Files {
  return {
    [`${slug}/task.md`]: `---
title: Let ${name} return ${value}
kind: fix
fails: it was 0
---

## Situation

A function returns 0.

## Task

Make it return something else.

## Nudge

Think of ${name}.

## Place

Look at ${name}.

## Line

\`\`\`ts
export const ${name} = () => ${value};
\`\`\`
`,
    [`${slug}/problem.ts`]: `export const ${name} = () => 0;\n`,
    [`${slug}/solution.ts`]: `export const ${name} = () => ${value};\n`,
    [`${slug}/check.ts`]: `
import { equal, exercise } from '@turnstream/learn/check';
export const check = exercise(async ({ load }) => {
  const { ${name} } = await load('${name}');
  equal('what \`${name}\` returns', ${name}(), ${value});
});
`,
  };
}
