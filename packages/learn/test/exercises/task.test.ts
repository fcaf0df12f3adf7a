// task.md, read strictly: what is missing is named.
import { expect, test } from 'vitest';
import { parseTask, quotedCode } from '../../src/exercises/task.ts';

const TASK = `---
title: "Two: strangers"
kind: predict
fails: it is still undefined
---

## Situation

Two runs.

## Task

Predict.

## Nudge

Think.

## Place

Look.

## Line

Write \`x = 1\`.
`;

test('a task has front matter and five sections', () => {
  expect(parseTask(TASK)).toEqual({
    title: 'Two: strangers',
    kind: 'predict',
    fails: 'it is still undefined',
    situation: 'Two runs.',
    task: 'Predict.',
    hints: ['Think.', 'Look.', 'Write `x = 1`.'],
  });
});

test('a checkout with CRLF reads the same', () => {
  expect(parseTask(TASK.replaceAll('\n', '\r\n'))).toEqual(parseTask(TASK));
});

test.for([
  ['title: "Two: strangers"\n', '', 'there is no "title:"'],
  ['kind: predict', 'kind: guess', '"kind: guess" is not predict, fix or build'],
  ['## Place', '## Where', 'there is no section "## Place"'],
  ['Think.', '', 'there is no section "## Nudge"'],
] as const)('without %j it is refused', ([text, replacement, message]) => {
  expect(() => parseTask(TASK.replace(text, replacement))).toThrow(message);
});

test.for([
  ['Write `a = 1` or `b = 2`.', ['a = 1', 'b = 2']],
  ['In `ask`:\n\n```ts\n  a = 1;\n\n  b = 2;\n```\n', ['a = 1;', 'b = 2;']],
  ['No code.', []],
] as const)('the code that %j quotes', ([hint, lines]) => {
  expect(quotedCode(hint)).toEqual(lines);
});
