// Routes of responses that are stored: reads one, follows or cancels one in the background, deletes one, lists its input.
import type { Message } from '@turnstream/core';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { OpenAIOptions } from '../../../options.ts';
import { readerGone } from '../../../sse/writer.ts';
import type { RunRecord } from '../../../store/run-record.ts';
import type { ServerContext } from '../../../turn/context.ts';
import { takePlace } from '../../../turn/request.ts';
import { OpenAIRefusal } from '../refusal.ts';
import { modelName } from '../settings.ts';
import { type RunHead, runResponse } from './background.ts';
import { deleteResponse } from './delete.ts';
import { answerOf, followResponse, RETRY_AFTER_SECONDS, whenEnded } from './follow.ts';
import { itemId, responseParams as params } from './ids.ts';
import { itemPage, itemsIn, listQuery } from './lists.ts';
import { turnResponse } from './read-again.ts';
import { type FoundResponse, findResponse } from './stored.ts';

/** How long a cancel waits for the model's service. */
const CANCEL_MS = 10_000;

const reading = z.object({
  stream: z.enum(['true', 'false']).optional(),
  starting_after: z.coerce.number().int().min(-1).default(-1),
});

export function storedResponseRoutes(served: ServerContext, options: OpenAIOptions): FastifyPluginAsyncZod {
  const { runs } = served.store;
  const headOf = (id: string): RunHead => ({ id, model: modelName(options, served.agent.name), previousId: null });
  return async function storedResponsesPlugin(app) {
    // A HEAD request would hold a place for as long as the run lasts.
    const get = { exposeHeadRoute: false, schema: { params, querystring: reading } };
    app.get('/v1/responses/:id', get, async ({ agentOwner: owner, params: { id }, query }, reply) => {
      const { run, stored } = await find(served, owner, id);
      if (query.stream === 'true') {
        using _place = takePlace(served, owner);
        const followed = inBackground(run);
        return await followResponse(served, reply, followed, { head: headOf(id), after: query.starting_after });
      }
      if (run === null)
        return turnResponse(served, stored, { ...headOf(id), showsOwnCalls: options.tools === 'shown' });
      if (run.end === null) void reply.header('retry-after', RETRY_AFTER_SECONDS);
      return runResponse(run, stored?.answer ?? [], headOf(id));
    });

    app.post('/v1/responses/:id/cancel', { schema: { params } }, async (request, reply) => {
      const { agentOwner: owner } = request;
      const { id } = request.params;
      const run = inBackground((await find(served, owner, id)).run);
      await runs.requestCancel(run.runId, { owner });
      const signal = AbortSignal.any([readerGone(reply.raw), served.stopping, AbortSignal.timeout(CANCEL_MS)]);
      const now = (await whenEnded(runs, run, signal)) ?? run;
      return runResponse(now, await answerOf(served, now), headOf(id));
    });

    app.delete('/v1/responses/:id', { schema: { params } }, async ({ agentOwner: owner, params: { id } }) => {
      await deleteResponse(served, owner, await find(served, owner, id));
      return { id, object: 'response.deleted', deleted: true };
    });

    const listing = { schema: { params, querystring: listQuery } };
    app.get('/v1/responses/:id/input_items', listing, async ({ agentOwner: owner, params: { id }, query }) => {
      const { run, stored } = await find(served, owner, id);
      const input = run === null ? stored.input : inputOf(run);
      return itemPage(itemsIn(input), (index) => itemId('in', id, index), query);
    });
  };
}

async function find(served: ServerContext, owner: string, id: string): Promise<FoundResponse> {
  const found = await findResponse(served, owner, id);
  if (found !== null) return found;
  throw new OpenAIRefusal('not_found', 'id', 'There is no such response.');
}

/** Runs of other routes have only a message. */
function inputOf({ ask, message }: RunRecord): readonly Message[] {
  return ask?.input ?? [{ role: 'user', contents: message }];
}

function inBackground(run: RunRecord | null): RunRecord {
  if (run !== null) return run;
  throw new OpenAIRefusal('invalid_value', 'id', 'This response did not work in the background. It is complete.');
}
