// A model on this machine that needs no key: its answers are scripted, but they depend on what it is sent.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Exchanges } from '../model/exchange.ts';
import { openHttpDoor } from '../model/http-door.ts';
import type { ServiceMemory } from '../model/service-memory.ts';
import type { RecordedRequest } from '../request/recorded.ts';
import { type Clock, realClock } from '../script/clock.ts';
import { type ChangeAnswer, type DemoPace, DemoService } from './service.ts';

export interface DemoModelOptions {
  /** 0, the default, takes any free port of 127.0.0.1. */
  readonly port?: number;
  /** The first word after 300 ms and one fragment each 35 ms, background responses queued for 500 ms, by default. */
  readonly pace?: DemoPace;
  /** Clock of background responses; real time by default. */
  readonly clock?: Clock;
  /** Replaces the model's answer, to break it on purpose: a changed `reply`, an `httpError()`. */
  readonly change?: ChangeAnswer;
}

export interface DemoModel extends AsyncDisposable {
  /** Such as `http://127.0.0.1:41234`. */
  readonly origin: string;
  /** `origin` with `/v1`: the base URL of an OpenAI client. */
  readonly baseURL: string;
  /** The last 1,000 model calls, in order. */
  readonly requests: readonly RecordedRequest[];
}

const believablePace: DemoPace = { firstChunkDelayMs: 300, chunkDelayMs: 35, queuedMs: 500 };

/**
 * Starts a demo model on 127.0.0.1. It speaks Chat Completions and Responses (streamed, non-streamed and in the
 * background), calls the tools it is offered, fills in simple forms, and keeps conversations for `previous_response_id`
 * and `conversation`. It keeps background responses for ten minutes and does not keep the process alive. Its rules are
 * in docs/understand/demo-model.md.
 */
export async function startDemoModel(options: DemoModelOptions = {}): Promise<DemoModel> {
  const service = new DemoService(
    { ...believablePace, ...options.pace },
    options.clock ?? realClock,
    options.change ?? ((reply) => reply),
  );
  const exchanges = new Exchanges((request, number) => service.respond(request, number), { keep: 1000 });
  const door = await openHttpDoor(exchanges, {
    port: options.port ?? 0,
    unref: true,
    other: (request, response) => createConversation(request, response, service.memory),
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
  const id = `conv_${randomUUID().replaceAll('-', '')}`;
  memory.startConversation(id);
  request.resume();
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ id, object: 'conversation', created_at: 1_700_000_000, metadata: {} }));
  return true;
}
