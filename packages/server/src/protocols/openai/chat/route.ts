// POST /v1/chat/completions: serves the agent as a model. Callers keep their own conversations.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { DONE_FRAME, dataFrame } from '../../../events/frame.ts';
import type { OpenAIOptions } from '../../../options.ts';
import { runOptionsOf } from '../../../turn/asked-options.ts';
import type { ServerContext } from '../../../turn/context.ts';
import { openTurn } from '../../../turn/request.ts';
import { streamTurn } from '../../../turn/stream-turn.ts';
import { wholeTurn } from '../../../turn/whole-turn.ts';
import { folded } from '../../answer-fold.ts';
import { checkLength } from '../length.ts';
import { askedOptions, modelName, refuseOtherModel, refuseOthers } from '../settings.ts';
import { refuseStrayOutputs } from '../stray-outputs.ts';
import { ChatChunks, completion } from './chunks.ts';
import { CHAT_MEMBERS, chatBody, chatMessages, chatSettings } from './request.ts';

const framing = { frame: dataFrame, last: DONE_FRAME } as const;

export function chatCompletionsRoute(served: ServerContext, options: OpenAIOptions): FastifyPluginAsyncZod {
  return async function chatCompletionsPlugin(app) {
    const limits = served.inputLimits('/v1/chat/completions');
    const model = modelName(options, served.agent.name);
    const schema = { body: chatBody };
    app.post('/v1/chat/completions', { schema, bodyLimit: limits.maxBodyBytes }, async (request, reply) => {
      const { body, agentOwner: owner } = request;
      refuseOtherModel(body.model, model);
      refuseOthers(body, CHAT_MEMBERS);
      const settings = chatSettings(body);
      const run = runOptionsOf(askedOptions(settings, served.toolNames, options));
      const { history, last } = chatMessages(body);
      checkLength(last, limits, 'messages');
      refuseStrayOutputs([], [...history, last], 'messages');
      using turn = await openTurn(served, owner, { history, message: last, refusesApprovals: true });
      const callerTools = new Set(settings.tools.map(({ name }) => name));
      const answer = { model, callerTools, includeUsage: body.stream_options?.include_usage === true };
      if (body.stream !== true) return completion(await wholeTurn(served, { request, reply, turn }, run), answer);
      return await streamTurn(served, { request, reply, turn }, folded(turn, new ChatChunks(answer), framing), run);
    });
  };
}
