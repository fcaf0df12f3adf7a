// The line that is typed: pasted, typed ahead, remembered; and the window it is typed in: resized, left with Ctrl-Z.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mockModel, reply, type Step } from '@turnstream/testkit';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Keyboard } from '../terminal/keyboard.ts';
import { repl } from '../terminal/repl.ts';
import { bothApis, chatAgent } from './both-apis.ts';
import { FakeKeyboard, fakeOutput } from './fake-terminal.ts';

const UP = '\u001B[A';
const CTRL_C = '\u0003';
const CTRL_Z = '\u001A';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'turnstream-chat-'));
  vi.stubEnv('XDG_STATE_HOME', home);
});
afterEach(() => rmSync(home, { recursive: true }));

/** `start --chat` on a terminal. */
function startChat(...steps: readonly Step[]) {
  const model = mockModel(...steps);
  const streams = {
    input: new FakeKeyboard(),
    output: fakeOutput({ isTTY: true }),
    errorOutput: fakeOutput({ isTTY: true }),
  };
  const suspend = vi.fn<() => void>();
  const done = repl(chatAgent(bothApis[0]![1](model.baseURL)), { leavesAtEmptyLine: false, streams, suspend });
  return { ...streams, model, suspend, done, [Symbol.dispose]: () => model[Symbol.dispose]() };
}

test('a pasted text of three lines is one message', async () => {
  using chat = startChat(reply('An address.'));

  chat.input.type('What is this? \u001B[200~Ann Smith\r\n1 Main Street\rOslo\u001B[201~\r');
  await chat.output.shows('An address.\n');
  chat.input.type('/quit\r');
  await chat.done;

  expect(chat.model.requests[0]!.texts).toEqual(['What is this? Ann Smith\n1 Main Street\nOslo']);
});

test('control characters in a paste are neither keys nor sent', async () => {
  using chat = startChat(reply('Fine.'));

  chat.input.type('\u001B[200~one\u001B[2Jtwo\u0004\u001B[201~\r');
  await chat.output.shows('Fine.\n');
  chat.input.type('/quit\r');
  await chat.done;

  expect(chat.model.requests[0]!.texts).toEqual(['one[2Jtwo']);
});

test('keys and pastes arrive as they were typed, wherever the input is cut', () => {
  const typed = 'Grüße 👍 \u001B[D\u001B[200~a\nb\u001B[201~\u001B[20~!';
  fc.assert(
    fc.property(fc.array(fc.nat({ max: Buffer.byteLength(typed) })), (cuts) => {
      const input = new FakeKeyboard();
      using keyboard = new Keyboard({ input, output: fakeOutput({ isTTY: true }) }, { onInterrupt: () => {} });
      keyboard.openLine(() => {});

      const bytes = Buffer.from(typed);
      const at = [0, ...cuts.toSorted((one, other) => one - other), bytes.length];
      for (const [i, from] of at.slice(0, -1).entries()) input.emit('data', bytes.subarray(from, at[i + 1]));

      expect(keyboard.keys.read()).toBe('Grüße 👍 \u001B[Da␤b\u001B[20~!');
    }),
  );
});

test('what is typed during an answer stays out of it, and is in the input line afterwards', async () => {
  using chat = startChat(reply(['One ', 'two.'], { chunkDelayMs: 50 }), reply('Three.'));
  const { input, output, errorOutput } = chat;
  input.type('Count\r');
  await output.shows('One ');

  input.type('and on');
  await errorOutput.shows(/whole answer .*\n\nQ: and on$/);
  const before = chat.model.requests.length;
  input.type('!\r');
  await output.shows('Three.\n');
  input.type('/quit\r');
  await chat.done;

  expect(before).toBe(1);
  expect(output.text).toBe('One two.\nThree.\n');
  expect(chat.model.requests[1]!.texts).toEqual(['Count', 'One two.', 'and on!']);
});

test('Ctrl-C during an answer stops it and keeps what was typed ahead', async () => {
  using chat = startChat(reply(['One ', 'two.'], { chunkDelayMs: 60_000 }), reply('Three.'));
  chat.input.type('Count\r');
  await chat.output.shows('One ');

  chat.input.type(`next${CTRL_C}`);
  await chat.errorOutput.shows(/\[stopped, not stored\]\n\nQ: next$/);
  chat.input.type('\r');
  await chat.output.shows('Three.\n');
  chat.input.type('/quit\r');

  expect(await chat.done).toBe(0);
});

test('a window that is resized during an answer leaves the answer alone', async () => {
  using chat = startChat(reply(['One ', 'two.'], { chunkDelayMs: 50 }));
  chat.input.type('Count\r');
  await chat.output.shows('One ');

  chat.errorOutput.emit('resize');
  await chat.errorOutput.shows('whole answer');
  const { visible } = chat.errorOutput;
  chat.input.type('/quit\r');
  await chat.done;

  expect(visible.match(/Q: /g)).toHaveLength(1);
});

test('an empty line is ignored', async () => {
  using chat = startChat(reply('Yes.'));

  chat.input.type('\r \r');
  chat.input.type('Still here?\r');
  await chat.output.shows('Yes.\n');
  chat.input.type('/quit\r');
  await chat.done;

  expect(chat.model.requests).toHaveLength(1);
});

test('what was typed is kept for the next chat, newest first, in a file that only the user can read', async () => {
  using chat = startChat(reply('One.'));

  chat.input.type('\u001B[200~a\nb\u001B[201~\r');
  await chat.output.shows('One.\n');
  chat.input.type('/quit\r');
  await chat.done;

  const file = join(home, 'turnstream', 'chat-history');
  expect(readFileSync(file, 'utf8')).toBe('/quit\na␤b');
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('the arrow keys bring back the lines of the last chat, pasted ones whole', async () => {
  mkdirSync(join(home, 'turnstream'));
  writeFileSync(join(home, 'turnstream', 'chat-history'), '/quit\na␤b');
  using chat = startChat(reply('Again.'));

  chat.input.type(`${UP}${UP}\r`);
  await chat.output.shows('Again.\n');
  chat.input.type('/quit\r');
  await chat.done;

  expect(chat.model.requests[0]!.texts).toEqual(['a\nb']);
});

test('a chat whose history cannot be kept says so once and goes on', async () => {
  writeFileSync(join(home, 'turnstream'), 'a file where the folder would be');
  using chat = startChat(reply('Hi.'));

  chat.input.type('Hello?\r');
  await chat.output.shows('Hi.\n');
  chat.input.type('/quit\r');

  expect(await chat.done).toBe(0);
  expect(chat.errorOutput.visible.match(/not kept for the next chat: ENOTDIR/g)).toHaveLength(1);
  expect(existsSync(join(home, 'turnstream', 'chat-history'))).toBe(false);
});

test('Ctrl-Z gives the terminal back, and the prompt and its text are there again afterwards', async () => {
  using chat = startChat();
  chat.input.type('half a quest');
  await chat.errorOutput.shows('half a quest');

  chat.input.type(CTRL_Z);
  await vi.waitFor(() => expect(chat.suspend).toHaveBeenCalledOnce());
  const rawModes = [...chat.input.rawModes];
  process.emit('SIGCONT');
  await chat.errorOutput.shows(/half a quest[^]*Q: half a quest$/);
  chat.input.type(`${CTRL_C}/quit\r`);
  await chat.done;

  expect(rawModes).toEqual([true, false]);
  expect(chat.input.rawModes).toEqual([true, false, true, false]);
});

test('Ctrl-Z during an answer suspends as well, and the answer goes on afterwards', async () => {
  using chat = startChat(reply(['One ', 'two.'], { chunkDelayMs: 50 }));
  chat.input.type('Count\r');
  await chat.output.shows('One ');

  chat.input.type(CTRL_Z);
  await vi.waitFor(() => expect(chat.suspend).toHaveBeenCalledOnce());
  process.emit('SIGCONT');
  await chat.output.shows('One two.\n');
  chat.input.type('/quit\r');

  expect(await chat.done).toBe(0);
});
