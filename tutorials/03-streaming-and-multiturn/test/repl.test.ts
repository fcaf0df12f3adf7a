// The chat by hand, typed into on a terminal that is not one.
import { httpError, refuse, reply } from '@turnstream/testkit';
import { expect, test, vi } from 'vitest';
import { bothApis } from './both-apis.ts';
import { BANNER, CTRL_D, keepStateApart, onTerminal, onTerminalOver } from './chat-at-terminal.ts';

keepStateApart();

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

test('leaving right after a failed turn is not an error: the failure was seen', async () => {
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
