// A whole server: Fastify with the limits of a server that strangers reach, and the agent on it.
import Fastify, { type FastifyInstance } from 'fastify';
import { answerUnreadable, answerUnroutable } from './http/errors.ts';
import { quietSerializers } from './http/log.ts';
import { named } from './http/named.ts';
import type { AgentServerOptions } from './options.ts';
import { DEFAULT_INPUT } from './options.ts';
import { agentServer } from './plugin.ts';

/** How long the server waits for a request. */
export interface HttpTimes {
  /** For the headers of a request, in milliseconds: 5,000 by default. */
  readonly headersMs?: number | undefined;
  /** For a request with its body, in milliseconds: 10,000 by default. */
  readonly requestMs?: number | undefined;
}

/** Fastify's options that `httpOptions` sets. */
export interface HttpOptions {
  readonly bodyLimit: number;
  readonly requestTimeout: number;
  readonly pluginTimeout: number;
  readonly http: { readonly headersTimeout: number; readonly connectionsCheckingInterval: number };
  readonly genReqId: () => string;
  readonly requestIdHeader: false;
  readonly routerOptions: { readonly maxParamLength: number };
  readonly clientErrorHandler: typeof answerUnreadable;
  readonly frameworkErrors: typeof answerUnroutable;
}

/** Where the log goes, and from which level on. */
export interface LogOptions {
  readonly level?: string;
  readonly stream?: { write(line: string): void };
}

/** Options of `createApp`: those of the plugin, and of the server around it. */
export interface AppOptions extends AgentServerOptions {
  /** By default JSON lines of level `info` and above on stdout; `false` for none. */
  readonly logger?: false | LogOptions | undefined;
  readonly http?: HttpTimes | undefined;
}

/**
 * Creates the server. The caller starts and closes it: `await app.listen({ port })`, `await app.close()`.
 *
 * @example
 * ```ts source="../../samples/src/examples.ts#appFor"
 * export async function appFor(client: ChatClient, token: string): ReturnType<typeof createApp> {
 *   const database = new DatabaseSync(':memory:'); // or a file
 *   return createApp({
 *     agent: { client, instructions: 'Be concise.' },
 *     store: sqliteStore({ database, history: new SqliteHistory(database), sessions: new SqliteSessions(database) }),
 *     identity: { token },
 *     logger: { level: 'warn' },
 *   });
 * }
 * ```
 */
export async function createApp({ logger = {}, http = {}, ...options }: AppOptions): Promise<FastifyInstance> {
  const app = Fastify({
    ...httpOptions(http),
    logger: logger === false ? false : { serializers: quietSerializers, ...logger },
  });
  await app.register(named(agentServer), options);
  return app;
}

/**
 * Fastify options that cut off slow or large requests, give unreadable ones an answer in the documented shape, and allow a
 * minute for the start. Node swaps its two timeouts when the first is the larger, and checks only every half minute by
 * default (seen with Fastify 5.12).
 */
export function httpOptions({ headersMs = 5_000, requestMs = 10_000 }: HttpTimes = {}): HttpOptions {
  return {
    bodyLimit: DEFAULT_INPUT.maxBodyBytes,
    requestTimeout: requestMs,
    // The start loads the protocols and connects to the database. On a busy machine that may exceed Fastify's default of 10 s.
    pluginTimeout: 60_000,
    http: { headersTimeout: headersMs, connectionsCheckingInterval: Math.min(headersMs, 1_000) },
    genReqId: () => crypto.randomUUID(),
    // An id from outside would be a line of the log that somebody else wrote.
    requestIdHeader: false,
    // A session id may have 128 characters, and a response id ends with one. Fastify's default limit is 100.
    routerOptions: { maxParamLength: 300 },
    clientErrorHandler: answerUnreadable,
    frameworkErrors: answerUnroutable,
  };
}
