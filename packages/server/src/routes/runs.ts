// Background runs: starts one (once per idempotency key), reports on it, and stops it. No client has to stay connected.
import { AgentError } from '@turnstream/core';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { checkCallbackUrl } from '../callback/url.ts';
import { problems, run, toPublicRun } from '../http/schemas.ts';
import { withInspection } from '../inspect/schema.ts';
import type { CallbackOptions, InputLimits } from '../options.ts';
import type { RunRecord } from '../store/run-record.ts';
import type { ServerContext } from '../turn/context.ts';
import { messageOf, ownSession, sessionId } from '../turn/request.ts';

const RETRY_AFTER_SECONDS = 1;

const params = z.object({ id: z.uuid() });
const key = z.looseObject({ 'idempotency-key': z.string().min(1).max(255).optional() });
const wanted = z.object({
  sessionId: sessionId.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});

function startOf({ maxMessageChars }: InputLimits) {
  return z.strictObject({
    message: messageOf(maxMessageChars),
    sessionId: sessionId.nullish(),
    callbackUrl: z.string().max(2_000).nullish(),
  });
}

export function runRoutes(served: ServerContext, callbacks: CallbackOptions | undefined): FastifyPluginAsyncZod {
  const { runs, sessions } = served.store;
  return async function runsPlugin(app) {
    const limits = served.inputLimits('/runs');
    const starting = { body: startOf(limits), headers: key, response: { 202: run, ...problems } };
    app.post('/runs', { schema: starting, bodyLimit: limits.maxBodyBytes }, async (request, reply) => {
      const { agentOwner: owner, body, headers } = request;
      refuseUnsupported(served);
      if (body.sessionId != null) await ownSession(sessions, body.sessionId, owner);
      const made = await runs.create({
        owner,
        sessionId: body.sessionId ?? null,
        message: body.message,
        callbackUrl: callbackUrl(body.callbackUrl ?? null, callbacks),
        key: headers['idempotency-key'] ?? null,
        maxOpen: served.ceilings.openRunsPerUser,
        maxSessions: served.ceilings.sessionsPerUser,
      });
      void reply.header('location', `${app.prefix}/runs/${made.run.runId}`);
      return reply.code(202).send(toPublicRun(made.run));
    });

    const listing = { querystring: wanted, response: { 200: z.object({ runs: z.array(run) }), ...problems } };
    app.get('/runs', { schema: listing }, async ({ agentOwner: owner, query }) => ({
      runs: (await runs.list(owner, query)).map(toPublicRun),
    }));

    const looking = { params, response: { 200: withInspection(served, run), ...problems } };
    app.get('/runs/:id', { schema: looking }, async ({ agentOwner: owner, params: { id } }, reply) => {
      const record = found(await runs.get(id, { owner }));
      if (record.end === null) void reply.header('retry-after', RETRY_AFTER_SECONDS);
      return { ...toPublicRun(record), inspection: served.inspectedRuns?.events(id, record.state).slice() };
    });

    const stopping = { params, response: { 200: run, 202: run, ...problems } };
    app.post('/runs/:id/cancel', { schema: stopping }, async ({ agentOwner: owner, params: { id } }, reply) => {
      const before = found(await runs.get(id, { owner }));
      const record = found(await runs.requestCancel(id, { owner }));
      return reply.code(before.end === null ? 202 : 200).send(toPublicRun(record));
    });
  };
}

/** The run. Throws `not_found` if this owner has no such run. */
export function found(record: RunRecord | null): RunRecord {
  if (record !== null) return record;
  throw new AgentError('not_found', 'There is no such run.');
}

function refuseUnsupported({ agent }: ServerContext): void {
  if (agent.worksInBackground) return;
  throw new AgentError('background_unsupported', "The model's API cannot work in the background. Use POST /chat.");
}

function callbackUrl(url: string | null, callbacks: CallbackOptions | undefined): string | null {
  if (url === null) return null;
  if (callbacks === undefined)
    throw new AgentError('input_invalid', 'This server sends no callbacks. Leave callbackUrl out.');
  return checkCallbackUrl(url, callbacks).href;
}
