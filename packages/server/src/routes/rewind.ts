// Rewinds a conversation: the next question builds on the turns that are kept.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { problems } from '../http/schemas.ts';
import type { ServerContext } from '../turn/context.ts';
import { ownSession } from '../turn/request.ts';
import { sessionParams } from './sessions.ts';

const rewound = z.strictObject({ toTurn: z.int().min(0).describe('How many turns are kept.') });

export function rewindRoute({ agent, chats, store, sessionsInUse }: ServerContext): FastifyPluginAsyncZod {
  const rewind = { params: sessionParams, body: rewound, response: { 200: rewound, ...problems } };
  return async function rewindPlugin(app) {
    app.post('/sessions/:id/rewind', { schema: rewind }, async ({ agentOwner: owner, params, body }) => {
      const { id } = params;
      const { toTurn } = body;
      const session = await ownSession(store.sessions, id, owner);
      // A turn in progress would lose the turns it builds on.
      const release = sessionsInUse.take(id);
      try {
        chats.ownedBy(session, owner);
        await agent.rewind(session, { toTurn });
      } finally {
        release();
      }
      return { toTurn };
    });
  };
}
