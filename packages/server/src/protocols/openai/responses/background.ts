// Background runs as responses: their stored events, folded into those of the API with the same numbers at every reading.
import { AgentError, type Message, textOf } from '@turnstream/core';
import { pendingCalls } from '@turnstream/core/seams';
import type { ErrorEvent, ServerEvent } from '../../../events/wire.ts';
import type { RunRecord } from '../../../store/run-record.ts';
import type { ServerContext } from '../../../turn/context.ts';
import { saysSomething } from '../../../turn/request.ts';
import { OpenAIRefusal } from '../refusal.ts';
import type { Asked, Continued } from './create.ts';
import { ResponseEvents, type ResponseHead } from './events.ts';
import type { ItemEvent } from './items.ts';

/** Starts the run. Throws `overloaded` beyond a user's open runs, and what `continued` throws. */
export async function startRun(
  { agent, store: { runs }, ceilings }: ServerContext,
  owner: string,
  { input, options }: Asked,
  { target }: Pick<Continued, 'target'>,
): Promise<RunRecord> {
  if (!agent.worksInBackground) {
    const message = "The model's API cannot work in the background. Leave background out.";
    throw new OpenAIRefusal('unsupported_parameter', 'background', message);
  }
  const session = await target();
  const creating = runs.create({
    owner,
    sessionId: session?.sessionId ?? null,
    message: input.slice(-1).map(textOf).join(''),
    ask: { ...options, input: input.filter(saysSomething) },
    callbackUrl: null,
    key: null,
    maxOpen: ceilings.openRunsPerUser,
    maxSessions: ceilings.sessionsPerUser,
  });
  try {
    return (await creating).run;
  } catch (error) {
    // The branch is nobody's without the run.
    if (session?.copiedTurns != null) await runs.forgetSession(session.sessionId, { owner });
    throw error;
  }
}

/** What a response of a run says besides the run. */
export type RunHead = Pick<ResponseHead, 'id' | 'model' | 'previousId'>;

/** The current state of the run. `answer` is what it left in the history. */
export function runResponse(run: RunRecord, answer: readonly Message[], head: RunHead): object {
  const { state, text, end } = run;
  const events = eventsOf(run, head);
  const said = { role: 'assistant', contents: [{ type: 'text', text }, ...pendingCalls(answer)] } as const;
  if (end?.type === 'done' && state !== 'cancelled') {
    const { finishReason, usage } = end;
    return events.whole([said], { status: state === 'incomplete' ? state : 'completed', finishReason, usage });
  }
  events.update({ contents: said.contents, phase: null, messageId: null });
  if (end === null) return events.now(state === 'queued' ? state : 'in_progress');
  const error = end.type === 'error' ? { error: { code: end.code, message: end.message } } : {};
  return events.now(state === 'cancelled' ? state : 'failed', error);
}

/** Readers of one run may begin anywhere in its events, and each folds them from the first. */
export class RunEvents {
  readonly #events: ResponseEvents;
  #isQueued = true;
  #hasText = false;

  constructor(run: RunRecord, head: RunHead) {
    this.#events = eventsOf(run, head);
  }

  /** `answer` is what the run left in the history, for its last event. */
  take(event: ServerEvent, answer: readonly Message[]): readonly ItemEvent[] {
    if (event.type === 'session') return this.#begin();
    const begun = this.#isQueued ? this.#events.work() : [];
    this.#isQueued = false;
    return [...begun, ...this.#next(event, answer)];
  }

  /** The end of a stream whose run goes on. */
  broken(end: ErrorEvent): ItemEvent {
    return this.#events.broken(end);
  }

  #begin(): readonly ItemEvent[] {
    if (this.#isQueued) return this.#events.begin('queued');
    if (!this.#hasText) return [];
    // This protocol cannot take back what was said.
    throw new AgentError('stream_malformed', 'The answer was replaced. Read it without stream.');
  }

  #next(event: Exclude<ServerEvent, { type: 'session' }>, answer: readonly Message[]): readonly ItemEvent[] {
    switch (event.type) {
      case 'update':
        this.#hasText = true;
        return this.#events.update({ contents: [{ type: 'text', text: event.text }], phase: null, messageId: null });
      case 'done': {
        const { status, finishReason, usage } = event;
        if (status === 'cancelled') return this.#events.cancelled();
        const calls = this.#events.update({ contents: pendingCalls(answer), phase: null, messageId: null });
        const end = status === 'incomplete' ? status : 'completed';
        return [...calls, ...this.#events.done({ status: end, finishReason, usage })];
      }
      case 'error':
        return this.#events.failed(event);
      // Calls of the agent's own tools stay at the server, and no call of such a run can be approved.
      case 'tool':
      case 'approval':
        return [];
    }
  }
}

function eventsOf(run: RunRecord, head: RunHead): ResponseEvents {
  return new ResponseEvents({
    ...head,
    isStored: true,
    isBackground: true,
    callerTools: new Set(run.ask?.tools.map(({ name }) => name)),
    showsOwnCalls: false,
    createdAt: Math.floor(run.createdAtMs / 1000),
  });
}
