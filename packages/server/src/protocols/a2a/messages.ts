// POST /message:send and /message:stream: the answer as a task, whole or as it comes.
import { type AgentResponse, contentsOf } from '@turnstream/core';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { dataFrame } from '../../events/frame.ts';
import { AnswerFailed } from '../../http/errors.ts';
import { causeOf } from '../../http/log.ts';
import { problemAt } from '../../http/request-body.ts';
import { readerGone } from '../../sse/writer.ts';
import { type AskedTurn, openTurn, takePlace } from '../../turn/request.ts';
import { streamTurn } from '../../turn/stream-turn.ts';
import { wholeTurn } from '../../turn/whole-turn.ts';
import { folded } from '../answer-fold.ts';
import { AnswerFrames } from './answer-frames.ts';
import { answerArticle, articleBody, isArticle } from './article.ts';
import { beginRun, beginTurn, isForBackground } from './begin.ts';
import type { TaskPlaces } from './find-task.ts';
import { readSent, type SendBody, sendBody } from './request.ts';
import { viewOf } from './run-frames.ts';
import { type Exchange, settledRun, streamRun } from './stream-run.ts';
import type { TaskView } from './task-view.ts';
import type { Task } from './wire.ts';

/** The client has the part that was delivered, so the history keeps it too. */
const KEEP = { onIncomplete: 'keep' } as const;

/** The error is that of the payload which the caller meant. */
const eitherBody = z.union([articleBody, sendBody], {
  error: ({ input, code, errors }) => {
    const [issue] = (code === 'invalid_union' && errors[isArticle(input) ? 0 : 1]) || [];
    return issue && problemAt(issue.path, issue.message);
  },
});

export function messageRoutes(places: TaskPlaces): FastifyPluginAsyncZod {
  const { served } = places;
  const sendLimits = served.inputLimits('/message:send');
  const streamLimits = served.inputLimits('/message:stream');
  return async function a2aMessagesPlugin(app) {
    const sending = { schema: { body: eitherBody }, bodyLimit: sendLimits.maxBodyBytes };
    app.post('/message::send', sending, async (request, reply) => {
      const { body } = request;
      if (isArticle(body)) return answerArticle(served, { request, reply }, body, sendLimits);
      return { task: await sendMessage(places, { request, reply }, body) };
    });

    const streaming = { schema: { body: sendBody }, bodyLimit: streamLimits.maxBodyBytes };
    app.post('/message::stream', streaming, async (request, reply) => {
      const { agentOwner: owner } = request;
      const sent = readSent(request.body, streamLimits, places.options);
      using place = takePlace(served, owner);
      const begun = await beginTurn(places, owner, { ...sent, returnImmediately: false });
      if (begun.kind === 'run') return await streamRun(served, { request, reply }, begun.record);
      const { view, body } = begun;
      using turn = await openTurn(served, owner, body, place);
      const stream = folded(turn, framesOf(view, turn), { frame: dataFrame });
      await streamTurn(served, { request, reply, turn }, places.live.during({ owner, view }, stream), KEEP);
      await turn.forgetIfEmpty(request.log);
    });
  };
}

async function sendMessage(places: TaskPlaces, exchange: Exchange, body: SendBody): Promise<Task> {
  const { served, options } = places;
  const { agentOwner: owner } = exchange.request;
  const sent = readSent(body, served.inputLimits('/message:send'), options);
  if (isForBackground(sent)) return viewOf(await beginRun(places, owner, sent)).task(sent);
  using place = takePlace(served, owner);
  const begun = await beginTurn(places, owner, sent);
  if (begun.kind === 'turn') {
    using turn = await openTurn(served, owner, begun.body, place);
    await answerTurn(places, { ...exchange, turn }, begun.view);
    return begun.view.task(sent);
  }
  if (sent.returnImmediately) return viewOf(begun.record).task(sent);
  const signal = AbortSignal.any([readerGone(exchange.reply.raw), served.stopping]);
  return viewOf(await settledRun(served.store.runs, begun.record, signal)).task(sent);
}

/** Brings the view to its end. A failed answer is a failed task, not a failed request. */
async function answerTurn(
  { served }: TaskPlaces,
  { turn, ...exchange }: Exchange & { readonly turn: AskedTurn },
  view: TaskView,
): Promise<void> {
  const frames = framesOf(view, turn);
  try {
    const response = await wholeTurn(served, { ...exchange, turn }, KEEP);
    frames.update({ text: response.text, contents: response.messages.flatMap(contentsOf) });
    frames.done(response);
  } catch (error) {
    if (!(error instanceof AnswerFailed)) throw error;
    exchange.request.log.error({ err: error, cause: causeOf(error.cause) }, 'task failed');
    frames.failed(error.event);
  }
}

function framesOf(view: TaskView, turn: AskedTurn): AnswerFrames {
  return new AnswerFrames(view, (response: Pick<AgentResponse, 'approvals'>) => turn.approvalsIn(response));
}
