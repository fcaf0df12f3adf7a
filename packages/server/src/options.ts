// What a server is made of, and the numbers it goes by.
import type { IncomingHttpHeaders } from 'node:http';
import type { AgentOptions, HistoryWindow, Limits } from '@turnstream/core';
import type { CallbackSecret } from './callback/signer.ts';
import type { CallbackUrlOptions } from './callback/url.ts';
import type { Identity } from './http/identity.ts';
import { DEFAULT_STREAM } from './sse/defaults.ts';
import type { ServerStore } from './store/run-store.ts';

/** The agent to serve. The server stores its conversations; a history window limits how much of them is sent. */
export type ServedAgent = Omit<AgentOptions, 'history'> & { readonly history?: Omit<HistoryWindow, 'provider'> };

/**
 * Verifies a webhook by its raw body and headers. Rejects with `webhook_invalid`, or resolves with its id and the id of
 * the response. Use `unwrapWebhook` of @turnstream/openai with a secret.
 */
export type VerifyWebhook = (
  rawBody: Uint8Array,
  headers: IncomingHttpHeaders,
) => Promise<{ readonly webhookId: string; readonly responseId: string | null } | null>;

/** Options of the Fastify plugin `agentServer`. */
export interface AgentServerOptions {
  readonly agent: ServedAgent;
  readonly store: ServerStore;
  /** Authenticates callers. Every session and every run has an owner. */
  readonly identity: Identity;
  /**
   * The guards of a chat: limits of each run, which override the agent's one by one. By default 5 s to the first
   * update, 30 s of silence, 120 s in total, 1,000,000 bytes.
   */
  readonly guards?: Limits | undefined;
  readonly ceilings?: Partial<Ceilings> | undefined;
  /** Allowed values of the `Host` header, without the port. By default only loopback. */
  readonly hosts?: readonly string[] | undefined;
  /**
   * Other origins whose pages may call the server, such as `https://app.example.com`. None by default. Their scripts
   * need a token like any other client: cookies are not used.
   */
  readonly cors?: { readonly origins: readonly string[] } | undefined;
  /** Size limits of the input, for each route that takes a message. */
  readonly input?: Readonly<Partial<Record<MessageRoute, Partial<InputLimits>>>> | undefined;
  /** Verifies webhooks of the model's service; without it the route does not exist. */
  readonly webhook?: VerifyWebhook | undefined;
  /**
   * Reports the end of a run to the `callbackUrl` of its caller. Without it a `callbackUrl` is refused, and callbacks of
   * earlier runs wait for a server on the same database that has it.
   */
  readonly callbacks?: CallbackOptions | undefined;
  /**
   * Shows each caller what the turn sent to the model, the arguments of tool calls as the model writes them, which guard
   * ended it, and what it stored: `request`, `arguments`, `guard` and `stored` events in `POST /chat/stream`, and as
   * `inspection` in the answers of `POST /chat` and `GET /runs/:id`, and the contents of a session as `inspection` of
   * `GET /sessions/:id`. They hold prompts, so `config_invalid` when `hosts` names more than loopback, and `forbidden` for other machines.
   */
  readonly inspect?: boolean | undefined;
  /** Serves the page at `/`. */
  readonly page?: boolean | undefined;
  /** Serves `POST /chat/ui` for `useChat` of the AI SDK, in its own protocol. */
  readonly ui?: UiOptions | undefined;
  /** Serves `/v1/models`, `/v1/chat/completions` and `/v1/responses`, for clients of OpenAI's APIs. */
  readonly openai?: OpenAIOptions | undefined;
  /** Serves A2A 1.0 over HTTP+JSON, with the agent card at `/.well-known/agent-card.json`. */
  readonly a2a?: A2AOptions | undefined;
  /** Serves `POST /agui` for clients of AG-UI 1.0. */
  readonly agui?: AguiOptions | undefined;
}

/** How the agent answers `useChat` of the AI SDK. */
export interface UiOptions {
  /**
   * Who keeps the conversations. `server`: the id of the chat names a session, and only the last message of a request
   * counts. `client`: the messages of each request are the conversation, nothing is stored, and no tool of the agent can
   * ask for approval.
   */
  readonly history: 'client' | 'server';
  /**
   * Whether an answer outlives its reader. `false` (default): a reader that leaves closes the model's connection.
   * `true`: the answer goes on in this process, `GET /chat/ui/:id/stream` replays it, and `POST /chat/ui/:id/stop`
   * stops it.
   */
  readonly resume?: boolean | undefined;
}

/** How the server posts the end of a background run to the address the caller named. */
export interface CallbackOptions extends CallbackUrlOptions {
  readonly secret: CallbackSecret;
}

/** How the agent answers clients of OpenAI's APIs. */
export interface OpenAIOptions {
  /** The agent's name as a model: by default its name, or `agent` if it has none. */
  readonly model?: string | undefined;
  /**
   * How instructions in a request are handled, wherever the API puts them. `refuse` (default): the
   * request is refused. `append`: they are added after the agent's own, with the same weight for the model.
   */
  readonly instructions?: 'append' | 'refuse' | undefined;
  /**
   * What callers of the Responses API see of the calls that the server runs. `hidden` (default): nothing. `shown`:
   * `mcp_call` items with arguments and results. Chat Completions has no place for them.
   */
  readonly tools?: 'hidden' | 'shown' | undefined;
}

/** How the agent speaks A2A: what its card says. */
export interface A2AOptions {
  /** What the agent does, for those who choose an agent by its card. */
  readonly description: string;
  /** Version of the agent: `1.0.0` by default. */
  readonly version?: string | undefined;
  /** Media types of the files that messages may have, such as `image/png`; none by default. Not in the background. */
  readonly inputModes?: readonly string[] | undefined;
  /** Left out: one skill, with the name and the description of the agent. */
  readonly skills?: readonly [A2ASkill, ...A2ASkill[]] | undefined;
  /**
   * The address of the routes as clients reach them, such as `https://example.com/support`. Left out: the one at which the
   * card was requested.
   */
  readonly url?: string | undefined;
}

/** A skill in the agent card. */
export interface A2ASkill {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  /** Questions it can answer. */
  readonly examples?: readonly string[] | undefined;
}

/** How the agent answers clients of AG-UI. */
export interface AguiOptions {
  /**
   * Who keeps the conversations. `server`: the id of the thread names a session, and only what follows the last answer in
   * a request counts. `client`: the messages of each request are the conversation, nothing is stored, and no tool of the
   * agent can ask for approval.
   */
  readonly history: 'client' | 'server';
  /**
   * How system and developer messages and context are handled. `refuse` (default): the request is refused.
   * `append`: they are added after the agent's own instructions, with the same weight for the model.
   */
  readonly instructions?: 'append' | 'refuse' | undefined;
}

/** How much work the server accepts. Anything beyond is refused, not queued: a queue would only hide the overload. */
export interface Ceilings {
  /** Requests of one user per minute. Beyond it: `rate_limited`. */
  readonly requestsPerMinute: number;
  /** Simultaneous streams and chats of one user. Beyond it: `rate_limited`. */
  readonly streamsPerUser: number;
  /** Simultaneous streams and chats of all users. Beyond it: `overloaded`. */
  readonly streams: number;
  /** Sessions of one user. Beyond it, a new one is `too_many_sessions` until one is deleted. */
  readonly sessionsPerUser: number;
  /** Open background runs of one user. Beyond it: `overloaded`. */
  readonly openRunsPerUser: number;
  /** Background runs that this process executes at once. One user's runs never outnumber the free slots. */
  readonly workers: number;
  /** Callbacks that this process sends at once, shared between users in the same way. */
  readonly callbackWorkers: number;
  /**
   * Maximum time from a background run's creation to its end, in milliseconds: `background_timeout`. An approval starts
   * the time again.
   */
  readonly maxRunMs: number;
  /** How many consecutive attempts may fail to advance a background run before it fails with `server_error`. */
  readonly maxAttempts: number;
  /** First interval between polls of a run whose events the service does not stream, in milliseconds; intervals grow. */
  readonly pollMs: number;
  /** How long calls may wait for approval, in milliseconds: `approval_expired` beyond it. */
  readonly approvalMs: number;
  /** How long a reader may leave written data unread before its stream is cut, in milliseconds. */
  readonly stalledReaderMs: number;
  /** Silence after which a comment is sent to keep a stream's connection open, in milliseconds. */
  readonly keepAliveMs: number;
  /** How long ended runs are kept, in milliseconds. */
  readonly keepRunsMs: number;
  /** How long a closing server waits for its connections before it cuts them, in milliseconds. */
  readonly shutdownMs: number;
}

export const DEFAULT_CEILINGS: Ceilings = {
  requestsPerMinute: 120,
  streamsPerUser: 8,
  streams: 500,
  sessionsPerUser: 10_000,
  openRunsPerUser: 20,
  workers: 8,
  callbackWorkers: 8,
  maxRunMs: 3_600_000,
  maxAttempts: 5,
  pollMs: 1_000,
  approvalMs: 24 * 3_600_000,
  ...DEFAULT_STREAM,
  keepRunsMs: 7 * 24 * 3_600_000,
  shutdownMs: 5_000,
};

/** A route that takes a message. */
export type MessageRoute = '/chat' | '/chat/stream' | '/runs' | ProtocolRoute;

/** Routes whose clients send files, or the whole conversation each time. */
export type ProtocolRoute =
  | '/agui'
  | '/chat/ui'
  | '/message:send'
  | '/message:stream'
  | '/v1/chat/completions'
  | '/v1/responses';

/** What a request may hold. */
export interface InputLimits {
  /** Longest message, in UTF-16 code units: 8,000 by default. */
  readonly maxMessageChars: number;
  /**
   * Largest request body: 65,536 by default, and 1,048,576 where it has the whole conversation. Answers to approvals
   * repeat the arguments of the calls.
   */
  readonly maxBodyBytes: number;
  /**
   * Types of files that a message may bring, such as `image/*` or `application/pdf`: none by default. Only `/chat/ui`
   * and `/agui` take files. The model has to take them too: what it cannot read would stay in the conversation.
   */
  readonly mediaTypes: readonly string[];
}

export const DEFAULT_INPUT: InputLimits = { maxMessageChars: 8_000, maxBodyBytes: 64 * 1024, mediaTypes: [] };

export const DEFAULT_PROTOCOL_INPUT: InputLimits = { ...DEFAULT_INPUT, maxBodyBytes: 1024 * 1024 };
