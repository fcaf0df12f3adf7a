// Reads the requests of `useChat`. Each one has the whole conversation; a server that keeps the history uses the last message.
import { AgentError, type Message } from '@turnstream/core';
import { z } from 'zod';
import type { InputLimits, UiOptions } from '../../options.ts';
import type { ApprovalAnswer, ApprovalBatch } from '../../store/approvals.ts';
import { messageOf, sessionId } from '../../turn/request.ts';
import { isSameJson } from '../json.ts';

const part = z.looseObject({ type: z.string() });
const message = z.looseObject({
  id: z.string().min(1).max(200),
  role: z.enum(['system', 'user', 'assistant']),
  parts: z.array(part),
});

/** Applications add members of their own, so unknown ones pass. */
export const uiBody = z.looseObject({
  id: sessionId,
  messages: z.array(message).min(1).max(2_000),
  trigger: z.enum(['submit-message', 'regenerate-message']).default('submit-message'),
  messageId: z.string().max(200).nullish(),
});

export type UiBody = z.infer<typeof uiBody>;
type UiMessage = UiBody['messages'][number];

const answeredPart = z.looseObject({
  state: z.literal('approval-responded'),
  toolCallId: z.string(),
  input: z.unknown(),
  approval: z.looseObject({ approved: z.boolean() }),
});
type AnsweredPart = z.infer<typeof answeredPart>;

/** The request, before any lookup. */
export type UiAsked =
  | { readonly kind: 'approvals'; readonly parts: readonly AnsweredPart[] }
  | { readonly kind: 'alone'; readonly message: string; readonly history: readonly Message[] }
  | {
      readonly kind: 'in session';
      readonly message: Message;
      /** The turn that began with this message is replaced, and what came after it. */
      readonly replaces: string | null;
    };

/** Throws `input_invalid` for a request that this server cannot answer. */
export function readUi(body: UiBody, { history }: UiOptions, limits: InputLimits): UiAsked {
  const { messages, trigger, messageId } = body;
  const asked = messages.findLast(({ id }) => id === messageId) ?? messages.at(-1);
  if (asked?.role === 'assistant') return approvalsOf(asked, history);
  if (asked?.role !== 'user') throw new AgentError('input_invalid', 'The last message must be from the user.');
  const text = checkedText(asked, limits);
  if (history === 'client') {
    return { kind: 'alone', message: text, history: messages.slice(0, messages.indexOf(asked)).flatMap(toMessage) };
  }
  const isAskedAgain = trigger === 'regenerate-message' || messageId === asked.id;
  // The id finds the turn when the client regenerates or edits it.
  const question: Message = { role: 'user', contents: text, messageId: asked.id };
  return { kind: 'in session', message: question, replaces: isAskedAgain ? asked.id : null };
}

/** The client shows and returns the arguments as a value. The approval needs the text that the model wrote. */
export function toAnswers(parts: readonly AnsweredPart[], waiting: ApprovalBatch | null): readonly ApprovalAnswer[] {
  return parts.map(({ toolCallId, input, approval: { approved } }) => {
    const call = waiting?.calls.find(({ callId }) => callId === toolCallId);
    const isShown = call !== undefined && isSameJson(call.arguments, input);
    return { callId: toolCallId, arguments: isShown ? call.arguments : (JSON.stringify(input) ?? ''), approved };
  });
}

function approvalsOf({ parts }: UiMessage, history: UiOptions['history']): UiAsked {
  const answered = parts.flatMap((each) => answeredPart.safeParse(each).data ?? []);
  if (answered.length === 0) {
    throw new AgentError(
      'input_invalid',
      'The last message is from the assistant and answers no approval. Results of tools that the page runs are not accepted.',
    );
  }
  if (history === 'client') {
    throw new AgentError('input_invalid', 'This server keeps no conversations, so no call waits for approval.');
  }
  return { kind: 'approvals', parts: answered };
}

/** The text of a message. An answer with an open part was interrupted, and is marked as such. */
function toMessage(said: UiMessage): readonly Message[] {
  const { role, parts } = said;
  const contents = textOf(said);
  if (role === 'system' || contents.trim() === '') return [];
  const isHalf = role === 'assistant' && parts.some(({ state }) => state === 'streaming');
  return [isHalf ? { role, contents, status: 'cancelled' } : { role, contents }];
}

function checkedText(asked: UiMessage, { maxMessageChars }: InputLimits): string {
  const { success, data, error } = messageOf(maxMessageChars).safeParse(textOf(asked));
  if (success) return data;
  throw new AgentError('input_invalid', `The message cannot be accepted: ${error.issues[0]?.message}.`);
}

/** The text parts of a message. Throws if the user sent a file: without it the question would be another one. */
function textOf({ role, parts }: UiMessage): string {
  if (role === 'user' && parts.some(({ type }) => type === 'file')) {
    throw new AgentError('input_invalid', 'This server accepts only text. Remove the files from the message.');
  }
  const texts = parts.filter(({ type }) => type === 'text').map((each) => each['text']);
  return texts.filter((text) => typeof text === 'string').join('\n');
}
