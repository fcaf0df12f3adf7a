// Answers one request without streaming. If the requester disconnects, the run stops.
import type { AgentResponse, RunOptions } from '@turnstream/core';
import { AnswerFailed } from '../http/errors.ts';
import { readerGone } from '../sse/writer.ts';
import type { ServerContext } from './context.ts';
import type { TurnRequest } from './stream-turn.ts';

/** Rejects with `AnswerFailed`. */
export async function wholeTurn(
  { agent, endings, guards: limits }: ServerContext,
  { request, reply, turn }: TurnRequest,
  options: RunOptions = {},
): Promise<AgentResponse> {
  const session = turn.session ?? undefined;
  using ending = endings.with(readerGone(reply.raw));
  try {
    const response = await agent.run(turn.input, { ...options, session, signal: ending.signal, limits });
    turn.approvalsIn(response);
    return response;
  } catch (error) {
    await turn.forgetIfEmpty(request.log);
    throw new AnswerFailed(error, turn.endFor(error));
  }
}
