// The two seams of an agent with a window in each: what goes to the model, and what goes into the history.
import { AgentError, type ChatClient, type Message } from '@turnstream/core';
import type { BackgroundClient, ChatRequest, ChatUpdate, SessionKey } from '@turnstream/core/seams';
import { ReaderGone } from '../sse/writer.ts';
import { HistoryOver } from '../store/history-over.ts';
import { inspectedContents } from './contents.ts';
import { inspection } from './inspection.ts';

/** The same client; each call is a `request` event, a piece of a tool's arguments an `arguments` event, and what ends it early a `guard` event. */
export function inspectedClient(client: ChatClient): ChatClient {
  const { serviceHistory, background } = client;
  return {
    ...(serviceHistory === undefined ? {} : { serviceHistory }),
    ...(background === undefined ? {} : { background: inspectedBackground(background) }),
    send: (request) => ({
      [Symbol.asyncIterator]() {
        tellRequest(request);
        tellGuard(request.signal);
        return tellingArguments(client.send(request)[Symbol.asyncIterator]());
      },
    }),
  };
}

function tellingArguments(updates: AsyncIterator<ChatUpdate, unknown>): AsyncIterator<ChatUpdate, unknown> {
  return {
    async next() {
      const result = await updates.next();
      if (result.done !== true) tellArguments(result.value);
      return result;
    },
    return: async (value) => (await updates.return?.(value)) ?? { done: true, value },
  };
}

function inspectedBackground(background: BackgroundClient): BackgroundClient {
  return {
    start(request) {
      tellRequest(request);
      return background.start(request);
    },
    get: (id, options) => background.get(id, options),
    stream: (id, options) => background.stream(id, options),
    cancel: (id, options) => background.cancel(id, options),
  };
}

/** The same history; each turn that is added to it is a `stored` event. */
export class InspectedHistory extends HistoryOver {
  override async append(session: SessionKey, turn: readonly Message[], version: number): Promise<{ version: number }> {
    const appended = await super.append(session, turn, version);
    inspection()?.add({ type: 'stored', messages: turn.length });
    return appended;
  }
}

function tellRequest({ stream, instructions, messages }: ChatRequest): void {
  inspection()?.add({ type: 'request', stream, instructions, messages: messages.flatMap(inspectedContents) });
}

function tellArguments({ contents }: ChatUpdate): void {
  for (const content of contents) {
    if (content.type !== 'function_call' || content.arguments === '') continue;
    const { callId, name, arguments: text } = content;
    inspection()?.add({ type: 'arguments', callId, name, text });
  }
}

/** The run aborts its model call with the reason of its end. */
function tellGuard(signal: AbortSignal): void {
  const turn = inspection();
  const beganMs = performance.now();
  const onAbort = (): void => {
    const name = guardOf(signal.reason);
    if (name !== null) turn?.add({ type: 'guard', name, afterMs: Math.round(performance.now() - beganMs) });
  };
  signal.addEventListener('abort', onAbort, { once: true });
}

const GUARDS: ReadonlySet<string> = new Set([
  'first_update_timeout',
  'idle_timeout',
  'total_timeout',
  'max_bytes',
  'server_stopping',
]);

function guardOf(reason: unknown): string | null {
  if (reason instanceof ReaderGone) return 'disconnect';
  return reason instanceof AgentError && GUARDS.has(reason.code) ? reason.code : null;
}
