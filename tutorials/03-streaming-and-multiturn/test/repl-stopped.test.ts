// Ctrl-C in a chat by hand: it stops an answer, clears a line, or leaves.
import { reply, stallAfter } from '@turnstream/testkit';
import { expect, test, vi } from 'vitest';
import { CTRL_C, keepStateApart, onTerminal } from './chat-at-terminal.ts';

keepStateApart();

test('Ctrl-C while an answer comes stops it, closes the model connection and keeps session and prompt', async () => {
  using chat = onTerminal(
    reply('A language.'),
    reply(['Once ', 'upon ', 'a '], { fault: stallAfter({ chunks: 3 }) }),
    reply('1991'),
  );
  const { input, output, errorOutput, model } = chat;
  input.type('What is Python?\r');
  await output.shows('A language.\n');
  input.type('Tell me a story\r');
  await output.shows('Once upon a ');

  input.type(CTRL_C);
  await model.requests[1]!.closed;
  await errorOutput.shows(/\[stopped, not stored\]\n\nQ: $/);
  input.type('How old is it?\r');
  await output.shows('1991\n');
  input.type('\r');

  expect(await chat.done).toBe(0);
  expect(model.requests[1]).toMatchObject({ closedEarly: true });
  expect(output.text).toBe('A language.\nOnce upon a \n1991\n');
  expect(model.requests[2]!.texts).toEqual(['What is Python?', 'A language.', 'How old is it?']);
});

test('Ctrl-C before the first word stops the answer as well', async () => {
  using chat = onTerminal(reply('Late.', { fault: stallAfter({ chunks: 0 }) }));
  chat.input.type('Anyone?\r');
  await chat.errorOutput.shows('thinking');

  chat.input.type(CTRL_C);
  await chat.errorOutput.shows(/A: \n\[stopped, not stored\]\n\nQ: $/);
  chat.input.type('\r');

  expect(await chat.done).toBe(0);
  expect(chat.output.text).toBe('');
});

test('Ctrl-C at a prompt with text clears the line', async () => {
  using chat = onTerminal(reply('Yes.'));

  chat.input.type('never asked');
  await chat.errorOutput.shows('never asked');
  chat.input.type(CTRL_C);
  chat.input.type('Asked?\r');
  await chat.output.shows('Yes.\n');
  chat.input.type('\r');

  expect(await chat.done).toBe(0);
  expect(chat.model.requests[0]!.texts).toEqual(['Asked?']);
});

test('Ctrl-C twice within a second leaves without an error and restores the terminal', async () => {
  using chat = onTerminal();

  chat.input.type(CTRL_C);
  await chat.errorOutput.shows('(press Ctrl-C again to leave)');
  chat.input.type(CTRL_C);

  expect(await chat.done).toBe(0);
  expect(chat.input.rawModes).toEqual([true, false]);
});

test('Ctrl-C at the prompt after an answer is about leaving, not about the answer', async () => {
  using chat = onTerminal(reply('Done.'));
  chat.input.type('Ready?\r');
  await chat.errorOutput.shows(/whole answer [^]*Q: $/);

  chat.input.type(CTRL_C);
  await chat.errorOutput.shows('(press Ctrl-C again to leave)');
  chat.input.type(CTRL_C);

  expect(await chat.done).toBe(0);
});

test('Ctrl-C twice with more than a second between does not leave', async () => {
  using chat = onTerminal();
  const now = vi.spyOn(performance, 'now');

  now.mockReturnValue(5000);
  chat.input.type(CTRL_C);
  await chat.errorOutput.shows(/again to leave\)\nQ: $/);
  now.mockReturnValue(6001);
  chat.input.type(CTRL_C);
  await chat.errorOutput.shows(/again to leave\)\nQ: [^]*again to leave\)\nQ: $/);
  chat.input.type('\r');

  expect(await chat.done).toBe(0);
});
