// A model on this machine that needs no key: its answers are scripted, but they depend on what it is sent.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { openHttpDoor } from '../model/http-door.ts';
import type { ServiceMemory } from '../model/service-memory.ts';
import type { RecordedRequest } from '../request/recorded.ts';
import { type DemoOptions, demoExchanges } from './exchanges.ts';

/** Options of `startDemoModel`. */
export interface DemoModelOptions extends DemoOptions {
  /** 0, the default, takes any free port of 127.0.0.1. */
  readonly port?: number;
}

/** A running demo model. `await using` closes it. */
export interface DemoModel extends AsyncDisposable {
  /** Such as `http://127.0.0.1:41234`. */
  readonly origin: string;
  /** `origin` with `/v1`: the base URL of an OpenAI client. */
  readonly baseURL: string;
  /** The last 1,000 model calls, in order. */
  readonly requests: readonly RecordedRequest[];
}

/**
 * Starts a demo model on 127.0.0.1. It speaks Chat Completions and Responses (streamed, non-streamed and in the
 * background), calls the tools it is offered, fills in simple forms, and keeps conversations for `previous_response_id`
 * and `conversation`. It keeps background responses for ten minutes and does not keep the process alive. Its rules are
 * in docs/understand/demo-model.md.
 */
export async function startDemoModel(options: DemoModelOptions = {}): Promise<DemoModel> {
  const { memory, exchanges } = demoExchanges(options);
  const door = await openHttpDoor(exchanges, {
    port: options.port ?? 0,
    unref: true,
    other: (request, response) => createConversation(request, response, memory),
  });
  return {
    origin: door.origin,
    baseURL: `${door.origin}/v1`,
    requests: exchanges.requests,
    [Symbol.asyncDispose]: () => door.close(),
  };
}

/** `POST /v1/conversations`: creates an empty conversation and returns its id. */
function createConversation(request: IncomingMessage, response: ServerResponse, memory: ServiceMemory): boolean {
  if (request.method !== 'POST' || request.url?.endsWith('/conversations') !== true) return false;
  const id = `conv_${crypto.randomUUID().replaceAll('-', '')}`;
  memory.startConversation(id);
  request.resume();
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ id, object: 'conversation', created_at: 1_700_000_000, metadata: {} }));
  return true;
}
