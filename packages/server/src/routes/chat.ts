// POST /chat: one question, one whole answer. The requester who leaves ends it.
import type { AgentResponse } from '@turnstream/core';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { AnswerFailed } from '../http/errors.ts';
import { approval, problems, toPublicApprovals, usage } from '../http/schemas.ts';
import { inspection } from '../inspect/inspection.ts';
import { withInspection } from '../inspect/schema.ts';
import { readerGone } from '../sse/writer.ts';
import type { ServerContext } from '../turn/context.ts';
import { openTurn, turnBodyOf } from '../turn/request.ts';

const answer = z.object({
  sessionId: z.string().nullable(),
  text: z.string(),
  status: z.enum(['completed', 'incomplete', 'awaiting_approval']),
  finishReason: z.string().nullable(),
  usage: usage.nullable(),
  approvals: z.array(approval),
});

export function chatRoute(served: ServerContext): FastifyPluginAsyncZod {
  return async (app) => {
    const limits = served.inputLimits('/chat');
    const schema = { body: turnBodyOf(limits), response: { 200: withInspection(served, answer), ...problems } };
    app.post('/chat', { schema, bodyLimit: limits.maxBodyBytes }, async (request, reply) => {
      using turn = await openTurn(served, request.owner, request.body);
      const signal = AbortSignal.any([readerGone(reply.raw), served.stopping]);
      const { session, input } = turn;
      try {
        const response = await served.agent.run(input, {
          session: session ?? undefined,
          signal,
          limits: served.guards,
        });
        const { text, finishReason, usage: tokens } = response;
        const approvals = toPublicApprovals(turn.approvalsIn(response));
        return {
          sessionId: session?.sessionId ?? null,
          text,
          status: approvals.length > 0 ? ('awaiting_approval' as const) : statusOf(response),
          finishReason,
          usage: tokens,
          approvals,
          inspection: inspection()?.events.slice(),
        };
      } catch (error) {
        // A database failure must not hide why the answer failed.
        await turn
          .forgetIfEmpty()
          .catch((cause: unknown) => request.log.warn({ err: cause }, 'empty session not deleted'));
        throw new AnswerFailed(error, turn.endFor(error));
      }
    });
  };
}

function statusOf({ status }: AgentResponse): 'completed' | 'incomplete' {
  return status === 'incomplete' ? status : 'completed';
}
