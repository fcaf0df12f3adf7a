// The chat by hand, typed into on a terminal that is not one.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { httpError, mockModel, refuse, reply, type Step, stallAfter } from '@turnstream/testkit';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { repl } from '../terminal/repl.ts';
import { bothApis, chatAgent } from './both-apis.ts';
import { FakeKeyboard, fakeOutput } from './fake-terminal.ts';

beforeEach(() => {
  vi.stubEnv('XDG_STATE_HOME', mkdtempSync(join(tmpdir(), 'turnstream-chat-')));
});
afterEach(() => rmSync(process.env['XDG_STATE_HOME'] ?? '', { recursive: true }));

const CTRL_C = '\u0003';
const CTRL_D = '\u0004';

const BANNER = 'Multi-turn chat: an empty line leaves, /help lists the rest.';

/** A chat on a terminal; `done` resolves with its exit code. */
function onTerminal(...steps: readonly Step[]) {
  return onTerminalOver(bothApis[0]![1], ...steps);
}

function onTerminalOver(clientFor: (typeof bothApis)[number][1], ...steps: readonly Step[]) {
  const model = mockModel(...steps);
  const input = new FakeKeyboard();
  const output = fakeOutput({ isTTY: true });
  const errorOutput = fakeOutput({ isTTY: true });
  const agent = chatAgent(clientFor(model.baseURL));
  const done = repl(agent, { leavesAtEmptyLine: true, streams: { input, output, errorOutput } });
  return { model, input, output, errorOutput, done, [Symbol.dispose]: () => model[Symbol.dispose]() };
}

test('greets, asks, answers on one session, and leaves at an empty line', async () => {
  using chat = onTerminal(reply(['A lang', 'uage.']), reply('1991'));
  const { input, output, errorOutput, model } = chat;

  input.type('What is Python?\r');
  await errorOutput.shows(/s\n\nQ: $/);
  input.type('How old is it?\r');
  await errorOutput.shows(/s\n\nQ: How [^]*s\n\nQ: $/);
  input.type('\r');

  expect(await chat.done).toBe(0);
  expect(output.text).toBe('A language.\n1991\n');
  const times = 'first word N ms, whole answer N s';
  expect(errorOutput.visible.replaceAll(/\d+(\.\d)? (m?s)/g, 'N $2').replaceAll('\r', '')).toBe(
    `${BANNER}\n\nQ: What is Python?\nA:    ${times}\n\nQ: How old is it?\nA:    ${times}\n\nQ: \n`,
  );
  expect(model.requests[1]!.texts).toEqual(['What is Python?', 'A language.', 'How old is it?']);
});

test.each([
  ['Ctrl-D', CTRL_D],
  ['/quit', '/quit\r'],
  ['/bye', '/bye\r'],
  ['exit', 'exit\r'],
  ['an empty line', '\r'],
])('%s leaves with exit code 0 and gives the terminal back', async (_, keys) => {
  using chat = onTerminal();

  chat.input.type(keys);

  expect(await chat.done).toBe(0);
  expect(chat.input.rawModes).toEqual([true, false]);
  expect(chat.errorOutput.visible).toMatch(/\nQ: [/a-z]*\r?\n$/);
});

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

test('/new forgets the conversation, /session says which one it is, /help lists what there is', async () => {
  using chat = onTerminal(reply('A language.'), reply('What is it?'));
  const { input, output, errorOutput, model } = chat;

  input.type('What is Python?\r');
  await output.shows('A language.\n');
  input.type('/session\r/new\r/session\r/help\r/nonsense\rHow old is it?\r');
  await output.shows('What is it?\n');
  input.type('\r');
  await chat.done;

  const said = [...errorOutput.visible.matchAll(/session ([0-9a-f-]{36})(, \d turns stored)?/g)];
  const [before, made, after] = said.map((match) => match[1]);
  expect(said.map((match) => match[2])).toEqual([', 1 turns stored', undefined, ', 0 turns stored']);
  expect(made).toBe(after);
  expect(before).not.toBe(after);
  expect(errorOutput.visible).toContain('/quit     leave');
  expect(errorOutput.visible).toContain('Unknown command /nonsense; /help lists them');
  expect(model.requests[1]!.texts).toEqual(['How old is it?']);
});

test('a question that begins with a slash is a question', async () => {
  using chat = onTerminal(reply('A file.'));

  chat.input.type('/etc/hosts, what is it?\r');
  await chat.output.shows('A file.\n');
  chat.input.type('\r');
  await chat.done;

  expect(chat.model.requests[0]!.texts).toEqual(['/etc/hosts, what is it?']);
});

test('a failed turn is one line on the error output, and the chat goes on', async () => {
  using chat = onTerminal(httpError(401, { message: 'Incorrect API key provided: test-key' }), reply('Hi.'));
  const { input, output, errorOutput } = chat;

  input.type('Hello?\r');
  await errorOutput.shows(/error auth: .*\n\nQ: $/);
  input.type('Hello again?\r');
  await output.shows('Hi.\n');
  input.type('\r');

  expect(await chat.done).toBe(0);
  expect(errorOutput.visible).toContain('OPENAI_API_KEY');
  expect(errorOutput.visible).not.toContain('test-key');
});

test('leaving right after a failed turn is no error: the failure was seen', async () => {
  using chat = onTerminal(httpError(401));

  chat.input.type('Hello?\r');
  await chat.errorOutput.shows(/error auth: .*\n\nQ: $/);
  chat.input.type('\r');

  expect(await chat.done).toBe(0);
});

test.each(bothApis)(
  'a truncated answer is shown up to the break, and the next turn does not include it, over %s',
  async (_, clientFor) => {
    using chat = onTerminalOver(
      clientFor,
      reply(['Half an ', 'answer'], { fault: { kind: 'truncate', after: { chunks: 2 } } }),
      reply('Whole.'),
    );
    const { input, output, errorOutput, model } = chat;

    input.type('Tell me\r');
    await errorOutput.shows('error stream_truncated: ');
    input.type('Again\r');
    await output.shows('Whole.\n');
    input.type('\r');
    await chat.done;

    expect(output.text).toBe('Half an answer\nWhole.\n');
    expect(model.requests[1]!.texts).toEqual(['Again']);
  },
);

test.each(bothApis)('a refusal is shown and marked, over %s', async (_, clientFor) => {
  using chat = onTerminalOver(clientFor, refuse(['I cannot ', 'help with that.']));

  chat.input.type('Do harm\r');
  await chat.output.shows('\n');
  chat.input.type('\r');
  await chat.done;

  expect(chat.output.text).toBe('[refused] I cannot help with that.\n');
});

test.each(bothApis)('an answer that was cut short by the model says so, over %s', async (_, clientFor) => {
  using chat = onTerminalOver(clientFor, reply('Long, long', { finishReason: 'length' }));

  chat.input.type('Tell me everything\r');
  await chat.errorOutput.shows('[cut short: length]\n');
  chat.input.type('\r');

  expect(await chat.done).toBe(0);
});

test('the spinner waits on the error output and is gone with the first word', async () => {
  using chat = onTerminal(reply(['He', 're.'], { firstChunkDelayMs: 200, chunkDelayMs: 200 }));

  chat.input.type('Slow?\r');
  await chat.errorOutput.shows(/A: [-\\|/] thinking 0\.\d s$/);
  await chat.output.shows('He');
  const visibleByThen = chat.errorOutput.visible;
  await chat.errorOutput.shows('first word');
  chat.input.type('\r');
  await chat.done;

  expect(visibleByThen).toMatch(/A: $/);
  expect(chat.errorOutput.visible).toMatch(/A: {4}first word/);
  expect(chat.output.text).toBe('Here.\n');
});

test('what is typed while an answer comes is asked after it', async () => {
  using chat = onTerminal(reply(['One', '.'], { chunkDelayMs: 20 }), reply('Two.'));

  chat.input.type('First?\rSecond?\r');
  await chat.output.shows('One.\nTwo.\n');
  chat.input.type('\r');

  expect(await chat.done).toBe(0);
});

test('text from the model cannot move the cursor, ring or turn the line around', async () => {
  using chat = onTerminal(reply(['a\u001B', '[2Jb\u001B]0;x\u0007', 'c\rd\u202Ee\u009Bf']));

  chat.input.type('Attack\r');
  await chat.output.shows('\n');
  chat.input.type('\r');
  await chat.done;

  expect(chat.output.text).toBe('a[2Jb]0;xcdef\n');
});

test('with TERM=dumb and NO_COLOR no escape code is written at all', async () => {
  vi.stubEnv('TERM', 'dumb');
  vi.stubEnv('NO_COLOR', '1');
  using chat = onTerminal(reply('Plain.', { firstChunkDelayMs: 200 }));

  chat.input.type('Hello?\r');
  await chat.output.shows('Plain.\n');
  chat.input.type('\r');
  await chat.done;

  expect(chat.output.text + chat.errorOutput.text).not.toContain('\u001B');
});
