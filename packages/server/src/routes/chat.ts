// POST /chat: one question, one whole answer. It stops when the client disconnects.
import type { AgentResponse } from '@turnstream/core';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { approval, problems, toPublicApprovals, usage } from '../http/schemas.ts';
import { inspection } from '../inspect/inspection.ts';
import { withInspection } from '../inspect/schema.ts';
import type { ServerContext } from '../turn/context.ts';
import { openTurn, turnBodyOf } from '../turn/request.ts';
import { wholeTurn } from '../turn/whole-turn.ts';

const answer = z.object({
  sessionId: z.string().nullable(),
  text: z.string(),
  status: z.enum(['completed', 'incomplete', 'awaiting_approval']),
  finishReason: z.string().nullable(),
  usage: usage.nullable(),
  approvals: z.array(approval),
});

export function chatRoute(served: ServerContext): FastifyPluginAsyncZod {
  return async function chatPlugin(app) {
    const limits = served.inputLimits('/chat');
    const schema = { body: turnBodyOf(limits), response: { 200: withInspection(served, answer), ...problems } };
    app.post('/chat', { schema, bodyLimit: limits.maxBodyBytes }, async (request, reply) => {
      using turn = await openTurn(served, request.agentOwner, request.body);
      const response = await wholeTurn(served, { request, reply, turn });
      const { text, finishReason, usage: tokens } = response;
      const approvals = toPublicApprovals(turn.approvalsIn(response));
      return {
        sessionId: turn.session?.sessionId ?? null,
        text,
        status: approvals.length > 0 ? ('awaiting_approval' as const) : statusOf(response),
        finishReason,
        usage: tokens,
        approvals,
        inspection: inspection()?.events.slice(),
      };
    });
  };
}

function statusOf({ status }: AgentResponse): 'completed' | 'incomplete' {
  return status === 'incomplete' ? status : 'completed';
}
