// A turn as it is asked for, and what the agent needs for it: the session of its owner, or messages that came along.
import { AgentError, type AgentResponse, type AgentSession, type Message } from '@turnstream/core';
import { refuseRepeatedResults } from '@turnstream/core/seams';
import type { FastifyBaseLogger } from 'fastify';
import { z } from 'zod';
import { afterApproval, errorEvent } from '../events/error-event.ts';
import type { ErrorEvent } from '../events/wire.ts';
import type { InputLimits } from '../options.ts';
import type { AnsweredCall, ApprovalAnswer, ApprovalBatch } from '../store/approvals.ts';
import { cannotApprove, nothingToApprove, toMessage } from './approvals.ts';
import type { ServerContext } from './context.ts';

/** A character that is neither a space nor a control or format character, such as U+200B. */
const VISIBLE = /[^\p{Z}\p{C}]/u;
const BLANK = 'must not be blank';

export const sessionId: z.ZodString = z.string().regex(/^[A-Za-z0-9_-]{1,128}$/);
/** A message of at most `maxChars` UTF-16 code units. */
export const messageOf = (maxChars: number): z.ZodString =>
  z
    .string()
    .min(1, { error: BLANK, abort: true })
    .max(maxChars, `must have at most ${maxChars} characters`)
    .regex(VISIBLE, BLANK);

/** An entry of a history that comes along. What is not text of a user or an assistant is not taken. */
const historyEntry = z.looseObject({ role: z.string(), content: z.unknown() });

/** A conversation that its caller keeps, oldest first. */
export const historyEntries: z.ZodType<readonly Message[]> = z.array(historyEntry).max(200).transform(historyMessages);

/** Decisions about calls, each with the arguments that were shown. */
export const approvalAnswers: z.ZodType<readonly ApprovalAnswer[]> = z
  .array(z.strictObject({ callId: z.string().min(1), arguments: z.string(), approved: z.boolean() }))
  .min(1)
  .max(200);

/** A message or the answers to the calls that the session waits with; both only when the message holds results of calls. */
export interface TurnBody {
  readonly message?: string | Message | readonly Message[] | undefined;
  readonly approvals?: readonly ApprovalAnswer[] | undefined;
  readonly sessionId?: string | null | undefined;
  /** The session began with this request, and its caller does not know it yet. */
  readonly isNewSession?: boolean;
  /** How many turns a new session began with: none when left out. */
  readonly copiedTurns?: number;
  /** The protocol has no way to ask for approval: an answer that needs it fails, and nothing of it is stored. */
  readonly refusesApprovals?: boolean;
  /** Of a conversation that the caller keeps. */
  readonly history?: readonly Message[] | undefined;
}

export function turnBodyOf({ maxMessageChars }: InputLimits): z.ZodType<TurnBody> {
  return z
    .strictObject({
      message: messageOf(maxMessageChars).optional(),
      approvals: approvalAnswers.optional(),
      sessionId: sessionId.nullish(),
      history: historyEntries.optional(),
    })
    .refine(({ message, approvals }) => (message === undefined) !== (approvals === undefined), {
      error: 'Send a message, or approvals for the calls that wait.',
    })
    .refine(({ approvals, sessionId: id }) => approvals === undefined || id != null, {
      error: 'Approvals need the sessionId of the conversation that waits for them.',
    });
}

export interface AskedTurn extends Disposable {
  readonly input: readonly Message[];
  /** Null for a turn whose history its caller keeps. */
  readonly session: AgentSession | null;
  /** The calls this turn continues with, when it answers approvals. */
  readonly answered: readonly AnsweredCall[];
  /** The calls that its answer leaves to be approved. Throws `input_invalid` for a turn without a session. */
  approvalsIn(response: Pick<AgentResponse, 'approvals'>): ApprovalBatch | null;
  /** How it ends when its answer fails. */
  endFor(error: unknown): ErrorEvent;
  /**
   * Deletes the session if it began with this turn and got none: the caller never learned its id. A failure goes to the
   * log: it must not hide how the answer ended.
   */
  forgetIfEmpty(log: Pick<FastifyBaseLogger, 'warn'>): Promise<void>;
}

/**
 * A place among the answers that are under way, given back by disposing. Take it before anything is stored for the
 * answer, so that a refused request leaves nothing. Throws `rate_limited`, `overloaded` and `server_stopping`.
 */
export function takePlace({ slots, stopping }: ServerContext, owner: string): DisposableStack {
  if (stopping.aborted) throw stopping.reason;
  const place = new DisposableStack();
  place.defer(slots.take(owner));
  return place;
}

/**
 * Takes the place over, and the session; disposing gives them back. Throws `not_found` for a session that is not the
 * owner's, `session_busy`, what `takePlace` throws, and `input_invalid` for a session and a history together and for two
 * results of one call. Approvals are taken last, when nothing else can refuse the turn: with `approval_expired`, or
 * `input_invalid` for other calls.
 */
export async function openTurn(
  served: ServerContext,
  owner: string,
  body: TurnBody,
  place: DisposableStack = takePlace(served, owner),
): Promise<AskedTurn> {
  using taken = place.move();
  const asked = [...(body.history ?? []), ...messagesOf(body.message ?? [])].filter(saysSomething);
  refuseRepeatedResults(asked);
  const session = await sessionOf(served, owner, body);
  if (session !== null) {
    taken.defer(served.sessionsInUse.take(session.sessionId));
    served.chats.ownedBy(session, owner);
    if (body.refusesApprovals === true) served.chats.refuseApprovals(session);
  }
  const answered = await takeApprovals(served, owner, body);
  const held = taken.move();
  return {
    input: [...asked, ...answered.map(toMessage)],
    session,
    answered,
    approvalsIn({ approvals }) {
      if (session !== null) return served.chats.approvals(session);
      if (approvals.length === 0) return null;
      throw body.refusesApprovals === true ? cannotApprove() : nothingToApprove();
    },
    endFor: (error) => (answered.length > 0 ? afterApproval(errorEvent(error)) : errorEvent(error)),
    async forgetIfEmpty(log) {
      if (session === null || (body.sessionId != null && body.isNewSession !== true)) return;
      try {
        const { version } = await served.store.history.load(session, { lastTurns: 0 });
        if (version !== (body.copiedTurns ?? 0)) return;
        await served.store.runs.forgetSession(session.sessionId, { owner });
      } catch (err) {
        log.warn({ err }, 'empty session not deleted');
      }
    },
    [Symbol.dispose]: () => held.dispose(),
  };
}

/** From here on the answers are used, whatever becomes of the turn: a call that was approved once runs at most once. */
async function takeApprovals(
  { store }: ServerContext,
  owner: string,
  { approvals, sessionId: id }: TurnBody,
): Promise<readonly AnsweredCall[]> {
  return approvals === undefined || id == null ? [] : store.runs.takeApprovals(id, { owner }, approvals);
}

async function sessionOf(
  { store, ceilings }: ServerContext,
  owner: string,
  body: TurnBody,
): Promise<AgentSession | null> {
  if (body.history !== undefined) {
    if (body.sessionId == null) return null;
    throw new AgentError('input_invalid', 'Send a sessionId or a history, not both: the session has its own.');
  }
  if (body.sessionId != null) return ownSession(store.sessions, body.sessionId, owner);
  return store.runs.createSession({ owner, maxSessions: ceilings.sessionsPerUser });
}

/** Throws `not_found` for a session that is not there, or somebody else's. */
export async function ownSession(
  sessions: ServerContext['store']['sessions'],
  id: string,
  owner: string,
): Promise<AgentSession> {
  const session = await sessions.open(id, { owner });
  if (session !== null) return session;
  throw new AgentError('not_found', 'There is no such session.');
}

function historyMessages(history: readonly z.infer<typeof historyEntry>[]): Message[] {
  return history.flatMap(({ role, content }) => {
    const isTaken = (role === 'user' || role === 'assistant') && typeof content === 'string';
    return isTaken ? [{ role, contents: content }] : [];
  });
}

/** The agent takes no blank message, which callers repeat with the conversation that they keep. */
export function saysSomething({ contents }: Message): boolean {
  return typeof contents === 'string' ? contents.trim() !== '' : contents.length > 0;
}

function messagesOf(message: NonNullable<TurnBody['message']>): readonly Message[] {
  if (typeof message === 'string') return [{ role: 'user', contents: message }];
  return 'role' in message ? [message] : message;
}
