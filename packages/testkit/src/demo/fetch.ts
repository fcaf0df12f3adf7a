// Entry point: the demo model as a `fetch`, for a page or a process that opens no port.
import { answerOf } from '../model/fetched-answer.ts';
import type { RecordedRequest } from '../request/recorded.ts';
import { type DemoOptions, demoExchanges } from './exchanges.ts';

export type { DemoOptions } from './exchanges.ts';
export type { DemoPace } from './service.ts';

/** The demo model behind a function instead of an address. */
export interface DemoFetch {
  /** For the `fetch` option of a model client. Answers model calls at any address, and rejects everything else. */
  readonly fetch: typeof globalThis.fetch;
  /** The last 1,000 model calls, in order. */
  readonly requests: readonly RecordedRequest[];
}

/**
 * The demo model without a socket: runs in browsers and in Node. It answers as `startDemoModel()` does, at the same pace.
 * `createConversation` of the Conversations API is not there.
 */
export function demoFetch(options: DemoOptions = {}): DemoFetch {
  const { exchanges } = demoExchanges(options);
  return {
    async fetch(input, init) {
      const answer = await answerOf(new Request(input, init), exchanges);
      if (answer === null) throw new TypeError(exchanges.problems.at(-1) ?? 'the demo model broke the connection');
      return answer;
    },
    requests: exchanges.requests,
  };
}
