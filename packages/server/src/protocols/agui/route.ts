// POST /agui: serves the agent to clients of AG-UI.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { dataFrame } from '../../events/frame.ts';
import type { AguiOptions } from '../../options.ts';
import type { ServerContext } from '../../turn/context.ts';
import { openTurn, takePlace } from '../../turn/request.ts';
import { streamTurn } from '../../turn/stream-turn.ts';
import { folded } from '../answer-fold.ts';
import { declaredTools } from '../client-tools.ts';
import { takeBack } from '../take-back.ts';
import { AguiEvents } from './events.ts';
import { aguiBody, instructionsIn, readAgui } from './request.ts';
import { aguiTurn } from './turn.ts';

export function aguiRoute(served: ServerContext, options: AguiOptions): FastifyPluginAsyncZod {
  return async function aguiPlugin(app) {
    const limits = served.inputLimits('/agui');
    app.post('/agui', { schema: { body: aguiBody }, bodyLimit: limits.maxBodyBytes }, async (request, reply) => {
      const { body, agentOwner: owner } = request;
      const asked = readAgui(body, limits, served);
      const instructions = instructionsIn(body, options);
      const tools = [...served.clientTools, ...declaredTools(body.tools, served.toolNames)];
      using place = takePlace(served, owner);
      const { body: turnBody, replaces } = await aguiTurn(served, owner, body, asked, options);
      using turn = await openTurn(served, owner, turnBody, place);
      if (replaces !== null) await takeBack(served, turn, replaces);
      const fold = new AguiEvents({ ...body, sessionId: turn.session?.sessionId ?? null });
      // The client still shows a stopped answer, so the history keeps it too.
      const run = { tools, onIncomplete: 'keep', ...(instructions === null ? {} : { instructions }) } as const;
      await streamTurn(served, { request, reply, turn }, folded(turn, fold, { frame: dataFrame }), run);
    });
  };
}
