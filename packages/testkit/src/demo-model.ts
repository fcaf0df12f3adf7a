// A model on this machine that needs no key: its answers are scripted, but they depend on what it is sent.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerTo } from './demo-answers.ts';
import { Exchanges } from './exchange.ts';
import { openHttpDoor } from './http-door.ts';
import type { RecordedRequest } from './recorded-request.ts';
import { type Pace, reply, type Step } from './reply.ts';
import type { SentMessage } from './request-body.ts';
import { ServiceMemory } from './service-memory.ts';

export interface DemoModelOptions {
  /** 0, the default, takes any free port of 127.0.0.1. */
  readonly port?: number;
  /** The first word after 300 ms and one fragment each 35 ms, unless told. */
  readonly pace?: Pace;
}

export interface DemoModel extends AsyncDisposable {
  /** Such as `http://127.0.0.1:41234`. */
  readonly origin: string;
  /** `origin` with `/v1`: the base URL of an OpenAI client. */
  readonly baseURL: string;
  /** The latest model calls, in order, at most 1,000. */
  readonly requests: readonly RecordedRequest[];
}

const believablePace: Pace = { firstChunkDelayMs: 300, chunkDelayMs: 35 };

/**
 * Starts a demo model on 127.0.0.1. It speaks Chat Completions and Responses, streamed and whole, keeps conversations for
 * `previous_response_id` and `conversation`, and does not hold the process open.
 */
export async function startDemoModel(options: DemoModelOptions = {}): Promise<DemoModel> {
  const pace = { ...believablePace, ...options.pace };
  const memory = new ServiceMemory();
  const exchanges = new Exchanges((request) => respond(request, memory, pace), { keep: 1000 });
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

function respond(request: RecordedRequest, memory: ServiceMemory, pace: Pace): Step {
  const sent = request.api === 'responses' ? memory.resume(request) : request.messages;
  if ('kind' in sent) return sent;
  const text = answerTo({ instructions: request.instructions, messages: sent });
  const fragments = fragmentsOf(text);
  if (request.api === 'chat_completions') return reply(fragments, { ...paceFor(request, pace, fragments) });
  // Random, so that an id saved while an earlier demo model ran is unknown to this one, not somebody else's.
  const id = `resp_${randomUUID().replaceAll('-', '')}`;
  // Settled by the exchange, whatever becomes of the answer; it never rejects.
  void keepWhenSent(request, id, [...sent, { role: 'assistant', text }], memory);
  return reply(fragments, { id, ...paceFor(request, pace, fragments) });
}

async function keepWhenSent(
  request: RecordedRequest,
  id: string,
  messages: readonly SentMessage[],
  memory: ServiceMemory,
): Promise<void> {
  await request.closed;
  if (!request.closedEarly) memory.keep(request, id, messages);
}

/** A whole answer takes as long as its stream would: the words are made one by one either way. */
function paceFor(request: RecordedRequest, pace: Pace, fragments: readonly string[]): Pace {
  if (request.body['stream'] === true) return pace;
  const { firstChunkDelayMs = 0, chunkDelayMs = 0 } = pace;
  return { firstChunkDelayMs: firstChunkDelayMs + chunkDelayMs * (fragments.length - 1) };
}

/** Words with their blanks; longer ones in two, since a model's fragments end in mid-word too. */
function fragmentsOf(text: string): string[] {
  return text.match(/\s*\S{1,7}/gu) ?? [];
}

/** `POST /v1/conversations`: the service hands out the id of an empty conversation. */
function createConversation(request: IncomingMessage, response: ServerResponse, memory: ServiceMemory): boolean {
  if (request.method !== 'POST' || request.url?.endsWith('/conversations') !== true) return false;
  const id = `conv_${randomUUID().replaceAll('-', '')}`;
  memory.startConversation(id);
  request.resume();
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ id, object: 'conversation', created_at: 1_700_000_000, metadata: {} }));
  return true;
}
