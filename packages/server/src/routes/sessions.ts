// Conversations: lists them, reads one, and deletes it.
import { type Message, type SavedSession, textOf } from '@turnstream/core';
import { COMMENTARY } from '@turnstream/core/seams';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { approval, problems, toPublicApprovals } from '../http/schemas.ts';
import { inspectedContents } from '../inspect/contents.ts';
import { withInspection } from '../inspect/schema.ts';
import type { ListedSessions } from '../store/database.ts';
import type { ServerContext } from '../turn/context.ts';
import { ownSession, sessionId } from '../turn/request.ts';

export const sessionParams = z.object({ id: sessionId });
const saved = z.object({ sessionId: z.string(), savedAtMs: z.number(), expiresAtMs: z.number().nullable() });
const page = z
  .object({
    limit: z.coerce.number().int().min(1).max(100).default(50),
    order: z.enum(['id', 'latest']).default('id').describe('`latest`: those that were used last come first.'),
    after: sessionId.optional().describe('The last session of the previous page.'),
    savedAtMs: z.coerce
      .number()
      .int()
      .optional()
      .describe('With `order=latest`, required with `after`: from the same session.'),
  })
  .refine(({ order, after, savedAtMs }) => (order === 'latest' && after !== undefined) === (savedAtMs !== undefined), {
    message: 'With order=latest, send after and savedAtMs together, both from the last session of the previous page.',
  });
const conversation = z.object({
  sessionId: z.string(),
  messages: z.array(
    z.object({
      role: z.string(),
      text: z.string(),
      status: z.string().nullable(),
      turn: z.number().describe('How many turns came before the one it belongs to.'),
    }),
  ),
  approvals: z.array(approval),
});

export function sessionRoutes(served: ServerContext): FastifyPluginAsyncZod {
  const { sessionsInUse, inspectedRuns } = served;
  const { sessions, history, runs } = served.store;
  return async function sessionsPlugin(app) {
    const list = { querystring: page, response: { 200: z.object({ sessions: z.array(saved) }), ...problems } };
    app.get('/sessions', { schema: list }, async ({ agentOwner: owner, query }) => ({
      sessions: [...(await listed(sessions, owner, query))],
    }));

    const read = { params: sessionParams, response: { 200: withInspection(served, conversation), ...problems } };
    app.get('/sessions/:id', { schema: read }, async ({ agentOwner: owner, params: { id } }) => {
      const session = await ownSession(sessions, id, owner);
      const { turns } = await history.load(session);
      const messages = turns.flatMap((each, turn) =>
        each.map((message) => ({
          role: message.role,
          // The reader of the answer did not get commentary either.
          text: message.phase === COMMENTARY ? '' : textOf(message),
          status: message.status ?? null,
          turn,
        })),
      );
      return {
        sessionId: id,
        messages: messages.filter(({ role }) => role === 'user' || role === 'assistant'),
        approvals: toPublicApprovals(await runs.approvals(id, { owner })),
        inspection: inspectedRuns === null ? undefined : inside(turns),
      };
    });

    const forget = { params: sessionParams, response: { 204: z.null(), ...problems } };
    app.delete('/sessions/:id', { schema: forget }, async ({ agentOwner: owner, params: { id } }, reply) => {
      await ownSession(sessions, id, owner);
      // A turn in progress would write to the session that is being deleted.
      const release = sessionsInUse.take(id);
      try {
        await runs.forgetSession(id, { owner });
      } finally {
        release();
      }
      return reply.code(204).send(null);
    });
  };
}

function listed(
  sessions: ListedSessions,
  owner: string,
  { limit, order, after, savedAtMs }: z.infer<typeof page>,
): Promise<readonly SavedSession[]> {
  if (order === 'id') return sessions.list(owner, { limit, ...(after === undefined ? {} : { after }) });
  const isFirst = after === undefined || savedAtMs === undefined;
  return sessions.latest(owner, { limit, ...(isFirst ? {} : { after: { sessionId: after, savedAtMs } }) });
}

/** The tool calls and results too, which the server does not send otherwise. */
function inside(turns: readonly (readonly Message[])[]): unknown[] {
  return turns.flatMap((each, turn) => each.flatMap(inspectedContents).map((content) => ({ turn, ...content })));
}
