// A chat by hand, on a terminal that is not one.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MockModel, mockModel, type Step } from '@turnstream/testkit';
import { afterEach, beforeEach, vi } from 'vitest';
import { repl } from '../terminal/repl.ts';
import { bothApis, chatAgent } from './both-apis.ts';
import { FakeKeyboard, type FakeOutput, fakeOutput } from './fake-terminal.ts';

export const CTRL_C = '\u0003';
export const CTRL_D = '\u0004';

export const BANNER = 'Multi-turn chat: an empty line leaves, /help lists the rest.';

/** The chats of each test keep their questions in a folder of its own. */
export function keepStateApart(): void {
  beforeEach(() => {
    vi.stubEnv('XDG_STATE_HOME', mkdtempSync(join(tmpdir(), 'turnstream-chat-')));
  });
  afterEach(() => rmSync(process.env['XDG_STATE_HOME'] ?? '', { recursive: true }));
}

export interface ChatAtTerminal extends Disposable {
  readonly model: MockModel;
  readonly input: FakeKeyboard;
  readonly output: FakeOutput;
  readonly errorOutput: FakeOutput;
  /** Resolves with the exit code. */
  readonly done: Promise<number>;
}

export function onTerminal(...steps: readonly Step[]): ChatAtTerminal {
  return onTerminalOver(bothApis[0]![1], ...steps);
}

export function onTerminalOver(clientFor: (typeof bothApis)[number][1], ...steps: readonly Step[]): ChatAtTerminal {
  const model = mockModel(...steps);
  const input = new FakeKeyboard();
  const output = fakeOutput({ isTTY: true });
  const errorOutput = fakeOutput({ isTTY: true });
  const agent = chatAgent(clientFor(model.baseURL));
  const done = repl(agent, { leavesAtEmptyLine: true, streams: { input, output, errorOutput } });
  return { model, input, output, errorOutput, done, [Symbol.dispose]: () => model[Symbol.dispose]() };
}
