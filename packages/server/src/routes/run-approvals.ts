// POST /runs/:id/approvals: decides about all calls that a run waits for, at once, and hands the run to a worker.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { problems, run, toPublicRun } from '../http/schemas.ts';
import type { ServerContext } from '../turn/context.ts';
import { approvalAnswers } from '../turn/request.ts';
import { found } from './runs.ts';

const params = z.object({ id: z.uuid() });
const body = z.strictObject({ approvals: approvalAnswers });

export function runApprovalsRoute(served: ServerContext): FastifyPluginAsyncZod {
  const { runs } = served.store;
  return async function runApprovalsPlugin(app) {
    const bodyLimit = served.inputLimits('/runs').maxBodyBytes;
    const schema = { params, body, response: { 202: run, ...problems } };
    app.post('/runs/:id/approvals', { schema, bodyLimit }, async (request, reply) => {
      const { agentOwner: owner } = request;
      const record = found(await runs.answerRun(request.params.id, { owner }, request.body.approvals));
      return reply.code(202).send(toPublicRun(record));
    });
  };
}
