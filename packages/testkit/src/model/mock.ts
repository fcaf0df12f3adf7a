// A scripted model that answers any HTTP client in this process without a socket, for use in tests.
import { createRequire, syncBuiltinESMExports } from 'node:module';
import type { RecordedRequest } from '../request/recorded.ts';
import { refuseProblems, Script } from '../script/script.ts';
import type { Step } from '../script/step.ts';
import { Exchanges } from './exchange.ts';
import { answerOf } from './fetched-answer.ts';
import { respondFrom } from './script-responder.ts';
import type { ScriptedModel } from './scripted.ts';
import { explainSuppressedErrors } from './suppressed-error.ts';

// msw is loaded by the first `mockModel()`: it takes longer than the rest of the testkit, and `serveModel()` does not need
// it. `import()` is not an option because `mockModel()` is synchronous.
const require = createRequire(import.meta.url);
const msw = (): typeof import('msw') => require('msw') as typeof import('msw');
const mswNode = (): typeof import('msw/node') => require('msw/node') as typeof import('msw/node');

/** A running `mockModel()`. */
export interface MockModel extends ScriptedModel, Disposable {}

/**
 * Answers model calls of this process from a script, one step per call, in order, on both APIs.
 *
 * It starts at once. It answers POSTs to any origin whose path ends in `/chat/completions` or `/responses`, and polls
 * of background responses; requests to 127.0.0.1 pass through, all others fail. It does not see requests through
 * functions of `node:http` that were copied into variables before it started, nor through plain sockets. Write
 * `using model = mockModel(...)`: leaving the scope stops it and throws as `expectDone()` does. Only one can be active at a
 * time; `serveModel()` has no such limit.
 */
export function mockModel(...steps: readonly Step[]): MockModel {
  explainSuppressedErrors();
  // A test that timed out leaves its model active, which must not break the next test.
  listening?.makeWay();
  listening = new ListeningModel(steps);
  return listening;
}

let listening: ListeningModel | null = null;

class ListeningModel implements MockModel {
  readonly origin = 'http://model.test';
  readonly baseURL = 'http://model.test/v1';
  readonly requests: readonly RecordedRequest[];
  readonly #script: Script;
  readonly #exchanges: Exchanges;
  readonly #server: { close(): void };
  #disposed = false;

  constructor(steps: readonly Step[]) {
    const script = new Script(steps);
    const exchanges = new Exchanges(respondFrom(script));
    const server = mswNode().setupServer(msw().http.all('*', ({ request }) => respond(request, exchanges)));
    server.listen({ onUnhandledFrame: 'error' });
    // msw replaces functions of node:http. Named imports of them do not change by themselves.
    syncBuiltinESMExports();
    this.#script = script;
    this.#exchanges = exchanges;
    this.#server = server;
    this.requests = exchanges.requests;
  }

  add(...steps: readonly Step[]): void {
    this.#script.add(...steps);
  }

  expectDone(): void {
    refuseProblems([...this.#exchanges.problems, ...this.#script.unused()]);
  }

  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#stop();
    this.expectDone();
  }

  /** Another model takes over. */
  makeWay(): void {
    this.#exchanges.problems.push('another mockModel() replaced it; use serveModel() to run two');
    this.#stop();
  }

  #stop(): void {
    if (listening !== this) return;
    listening = null;
    this.#exchanges.closeAll();
    this.#server.close();
    syncBuiltinESMExports();
  }
}

async function respond(request: Request, exchanges: Exchanges): Promise<Response> {
  if (new URL(request.url).hostname === '127.0.0.1') return msw().passthrough();
  const answer = await answerOf(request, exchanges);
  return answer === null ? msw().HttpResponse.error() : withoutCopies(answer);
}

/** msw clones every answer for its observers, chunk by chunk. This model has none, so its clones are empty. */
function withoutCopies(answer: Response): Response {
  const { HttpResponse } = msw();
  return Object.assign(new HttpResponse(answer.body, answer), { clone: () => new HttpResponse(null) });
}
