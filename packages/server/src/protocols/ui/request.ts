// Reads the requests of `useChat`. Each one has the whole conversation; a server that keeps the history uses the last message.
import { AgentError, type Message } from '@turnstream/core';
import { z } from 'zod';
import type { InputLimits, UiOptions } from '../../options.ts';
import type { ApprovalAnswer, ApprovalBatch } from '../../store/approvals.ts';
import type { ServerContext } from '../../turn/context.ts';
import { sessionId } from '../../turn/request.ts';
import { isSameJson } from '../json.ts';
import { checkLength } from '../length.ts';
import { resultsIn, toMessages, type UiMessage, uiMessage, userContents } from './messages.ts';

/** Applications add members of their own, so unknown ones pass. */
export const uiBody = z.looseObject({
  id: sessionId,
  messages: z.array(uiMessage).min(1).max(2_000),
  trigger: z.enum(['submit-message', 'regenerate-message']).default('submit-message'),
  messageId: z.string().max(200).nullish(),
});

export type UiBody = z.infer<typeof uiBody>;

const answeredPart = z.looseObject({
  state: z.literal('approval-responded'),
  toolCallId: z.string(),
  input: z.unknown(),
  approval: z.looseObject({ approved: z.boolean() }),
});
type AnsweredPart = z.infer<typeof answeredPart>;

/** The request, before any lookup. */
export type UiAsked = {
  /** The assistant's message that the answer continues; null when it begins one. */
  readonly continued: string | null;
} & (
  | { readonly kind: 'alone'; readonly message: readonly Message[]; readonly history: readonly Message[] }
  /** The answer goes on: calls were approved or rejected, or the page ran tools of its own. */
  | { readonly kind: 'continued'; readonly approvals: readonly AnsweredPart[]; readonly results: readonly Message[] }
  | {
      readonly kind: 'in session';
      readonly message: Message;
      /** The turn that began with this message is replaced, and what came after it. */
      readonly replaces: string | null;
    }
);

/** Throws `input_invalid` for a request that this server cannot answer. */
export function readUi(
  body: UiBody,
  { history }: UiOptions,
  limits: InputLimits,
  served: Pick<ServerContext, 'runsTool'>,
): UiAsked {
  const { messages, trigger, messageId } = body;
  const asked = messages.findLast(({ id }) => id === messageId) ?? messages.at(-1);
  const approvals = asked?.parts.flatMap((each) => answeredPart.safeParse(each).data ?? []) ?? [];
  if (asked?.role === 'assistant' && history === 'server') {
    return { kind: 'continued', continued: asked.id, approvals, results: resultsIn(asked) };
  }
  if (approvals.length > 0) {
    throw new AgentError('input_invalid', 'This server keeps no conversations, so no call waits for approval.');
  }
  if (asked === undefined || asked.role === 'system') throw nothingAsked();
  if (history === 'client') return alone(messages.slice(0, messages.indexOf(asked) + 1), limits, served);
  const isAskedAgain = trigger === 'regenerate-message' || messageId === asked.id;
  // The id finds the turn when the client regenerates or edits it.
  const question: Message = { role: 'user', contents: userContents(asked, limits), messageId: asked.id };
  checkLength(question, limits);
  return { kind: 'in session', continued: null, message: question, replaces: isAskedAgain ? asked.id : null };
}

/** The client shows and returns the arguments as a value. The approval needs the text that the model wrote. */
export function toAnswers(parts: readonly AnsweredPart[], waiting: ApprovalBatch | null): readonly ApprovalAnswer[] {
  return parts.map(({ toolCallId, input, approval: { approved } }) => {
    const call = waiting?.calls.find(({ callId }) => callId === toolCallId);
    const isUnchanged = call !== undefined && isSameJson(call.arguments, input);
    return { callId: toolCallId, arguments: isUnchanged ? call.arguments : (JSON.stringify(input) ?? ''), approved };
  });
}

export function nothingAsked(): AgentError {
  return new AgentError(
    'input_invalid',
    'The last message must be from the user, or answer an approval or a call of a tool that the page runs.',
  );
}

/** The last message is what the agent answers: a question, or results of the page's tools. */
function alone(messages: readonly UiMessage[], limits: InputLimits, served: Pick<ServerContext, 'runsTool'>): UiAsked {
  const all = messages.flatMap((each) => toMessages(each, limits, (name) => served.runsTool(name)));
  const begin = all.findLastIndex(({ role }) => role === 'assistant') + 1;
  const message = all.slice(begin);
  for (const each of message) checkLength(each, limits);
  if (message.length === 0) throw nothingAsked();
  const last = messages.at(-1);
  const continued = last?.role === 'assistant' ? last.id : null;
  return { kind: 'alone', continued, message, history: all.slice(0, begin) };
}
