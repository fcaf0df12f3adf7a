// What remains to be sent, given the events already sent by this or an earlier worker.
import { AgentError } from '@turnstream/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { errorEvent } from '../../src/events/error-event.ts';
import { SentEvents } from '../../src/events/sent-events.ts';
import type { ServerEvent } from '../../src/events/wire.ts';

const session = (mode: 'append' | 'replace'): ServerEvent => ({ type: 'session', sessionId: 's', runId: 'r', mode });
const answer = (contents: string) => [{ role: 'assistant' as const, contents }];

function after(...events: readonly ServerEvent[]): SentEvents {
  const sent = new SentEvents();
  for (const event of events) sent.take(event);
  return sent;
}

test('a session event that appends keeps the text, and one that replaces starts it over', () => {
  const update = { type: 'update', text: 'Alpha ' } as const;

  const kept = after(session('replace'), update, session('append')).upTo(answer('Alpha beta.'));
  const anew = after(session('replace'), update, session('replace')).upTo(answer('Alpha beta.'));

  expect(kept).toEqual([{ type: 'update', text: 'beta.' }]);
  expect(anew).toEqual([{ type: 'update', text: 'Alpha beta.' }]);
});

test('a tool reported as called is reported done once, and an unreported one is not', () => {
  const sent = after({ type: 'tool', callId: 'c', name: 'look_up', status: 'called' }, { type: 'update', text: 'x' });
  const result = (callId: string) => ({ type: 'function_result' as const, callId, result: 'found' });

  const first = sent.tools([result('c'), result('other')]);
  const second = sent.tools([result('c')]);

  expect(first).toEqual([{ type: 'tool', callId: 'c', name: 'look_up', status: 'done' }]);
  expect(second).toEqual([]);
});

const joined = (events: readonly ServerEvent[]): string =>
  events.reduce((text, event) => {
    if (event.type === 'session' && event.mode === 'replace') return '';
    return event.type === 'update' ? text + event.text : text;
  }, '');

const call = { callId: 'c', name: 'pay', arguments: '{}' };
const run = { runId: 'r', sessionId: 's' };
/** The final text of a response of a run, and what was sent while it arrived: after a loss, more or different words. */
const response = fc.record({ text: fc.string(), told: fc.option(fc.string()) });

test('the text of a run is that of all its responses, after any number of model calls, workers and losses', () => {
  fc.assert(
    fc.property(fc.array(response, { minLength: 1, maxLength: 4 }), fc.nat(), (responses, cut) => {
      const stored: ServerEvent[] = [session('replace')];
      let sent = after(...stored);
      /** A worker dies at `cut` and the next one takes up what was stored. */
      const store = (events: readonly ServerEvent[]): void => {
        stored.push(...events);
        if (stored.length >= cut) sent = after(...stored);
      };
      for (const [index, { text, told }] of responses.entries()) {
        store(sent.text(told ?? text.slice(0, 1)));
        store([
          ...sent.whole({ text, messages: answer(text), status: 'completed' }, run),
          ...(index < responses.length - 1 ? sent.approvals([call], 1) : []),
        ]);
      }

      expect(joined(stored)).toBe(responses.map(({ text }) => text).join(''));
    }),
  );
});

test('an unknown error is retryable, and its message stays hidden', () => {
  expect(errorEvent(new Error('a secret'))).toEqual({
    type: 'error',
    code: 'server_error',
    message: 'The server could not get the answer. Ask again later.',
    retryable: true,
    retryAfterMs: null,
  });
});

test('a database failure is not reported as a failure of the model', () => {
  const full = new AgentError('server_error', 'Postgres refused it.', { serviceCode: '53100', retryable: false });
  const model = new AgentError('server_error', 'The service answered 500.', { status: 500 });

  expect([full, model].map((error) => errorEvent(error))).toMatchObject([
    { message: 'The server could not get the answer. Ask again later.', retryable: false },
    { message: "The model's service failed. Ask again later.", retryable: true },
  ]);
});
