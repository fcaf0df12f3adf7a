// The check of an exercise as its author writes it.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Agent, type ChatClient } from '@turnstream/core';
import { reply } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { exercise, printed } from '../../src/check/index.ts';
import { CourseFolder } from '../course-folder.ts';

const ask = (client: ChatClient, question: string): Promise<unknown> => new Agent({ client }).run(question);

test('load gives the exports of the file', async () => {
  using folder = new CourseFolder({});
  const file = join(folder.root, 'two.ts');
  writeFileSync(file, 'export const two: number = 2;');
  const seen: number[] = [];
  const { run } = exercise<{ two: number }>(async ({ load }) => void seen.push((await load('two')).two));

  await run(file);

  expect(seen).toEqual([2]);
});

test('load says which export is missing', async () => {
  using folder = new CourseFolder({});
  const file = join(folder.root, 'one.ts');
  writeFileSync(file, 'export const one = 1;');
  const { run } = exercise<{ two: number }>(async ({ load }) => void (await load('two')));

  await expect(run(file)).rejects.toThrow('expected the file to export `two`; it does not');
});

test('model answers and keeps what it was asked', async () => {
  const seen: string[] = [];
  const { run } = exercise(async ({ model }) => {
    const { client, requests } = await model(reply('Paris.'));
    await ask(client, 'Where?');
    seen.push(...requests.flatMap(({ texts }) => texts));
  });

  await run('none.ts');

  expect(seen).toEqual(['Where?']);
});

test.for([
  [0, 'expected 1 model call; your code made none'],
  [2, 'expected 1 model call; your code made 2'],
] as const)('%i calls of a model that was to be called once fail the check', async ([calls, sentence]) => {
  const { run } = exercise(async ({ model }) => {
    const { client } = await model(reply('Paris.'));
    for (let call = 0; call < calls; call += 1) await ask(client, 'Where?');
  });

  await expect(run('none.ts')).rejects.toThrow(sentence);
});

test('an expectation of the author comes before the count of calls', async () => {
  const { run } = exercise(async ({ model }) => {
    await model(reply('Paris.'));
    throw new Error('first');
  });

  await expect(run('none.ts')).rejects.toThrow('first');
});

test('printed records each write, and gives the value', async () => {
  const result = await printed(async () => {
    process.stdout.write('one ');
    await Promise.resolve();
    process.stdout.write('two\n');
    return 7;
  });
  process.stdout.write('');

  expect(result).toEqual({ writes: ['one ', 'two\n'], text: 'one two\n', value: 7 });
});
