// What the model gets of a stored conversation: legal on every API, and a half answer says that it is one.
import { parseArguments } from '../checked/call-arguments.ts';
import {
  callsOf,
  callsWithoutResults,
  contentsOf,
  type FunctionCallContent,
  type FunctionResultContent,
  type Message,
  resultsOf,
  textOf,
} from '../message/message.ts';

import type { ChatClient } from './chat-client.ts';
import type { ChatRequest } from './request.ts';
import type { ChatUpdates } from './update.ts';

const UNANSWERED = 'No result: the run ended before this call was answered.';

/** Opens the call; nothing is sent before the first pull. What a service keeps itself is not ours to repair. */
export function callModel(client: ChatClient, request: ChatRequest): ChatUpdates {
  const messages = request.conversation === undefined ? replayable(request.messages) : request.messages;
  return client.send({ ...request, messages })[Symbol.asyncIterator]();
}

/**
 * The messages as they may be sent; the same list when nothing has to change. Every call is followed by its result, no
 * result is sent without its call, broken arguments become `{}`, and an interrupted answer is marked.
 */
export function replayable(messages: readonly Message[]): readonly Message[] {
  return messages.some(needsCare) ? [...repaired(messages)] : messages;
}

/** Adds, before the messages, a placeholder result for each of these calls that has none among them. */
export function withMissingResults(
  calls: readonly FunctionCallContent[],
  messages: readonly Message[],
): readonly Message[] {
  const missing = callsWithoutResults(calls, messages);
  return missing.length === 0 ? messages : [resultsFor(missing, []), ...messages];
}

function needsCare(message: Message): boolean {
  if (isInterrupted(message)) return true;
  // Most messages of a long conversation are a string, and each is asked in every turn.
  if (typeof message.contents === 'string') return false;
  return message.contents.some(({ type }) => type === 'function_call' || type === 'function_result');
}

function* repaired(messages: readonly Message[]): Generator<Message> {
  let open: readonly FunctionCallContent[] = [];
  for (const [index, message] of messages.entries()) {
    const results = resultsOf(message);
    if (results.length > 0) {
      const wanted = results.filter((result) => open.some((call) => call.callId === result.callId));
      open = open.filter((call) => !wanted.some((result) => result.callId === call.callId));
      if (wanted.length === results.length) yield message;
      else if (wanted.length > 0) yield { ...message, contents: wanted };
      continue;
    }
    if (open.length > 0) yield resultsFor(open, resultsAhead(open, messages.slice(index)));
    const replayed = isInterrupted(message) ? marked(message) : withWholeArguments(message);
    open = callsOf(replayed);
    yield replayed;
  }
  if (open.length > 0) yield resultsFor(open, []);
}

/**
 * The results that come later, up to a call with the same id: an answer may be several messages with calls in each, and
 * another run may have stored its turn before the turn with the results.
 */
function resultsAhead(
  open: readonly FunctionCallContent[],
  messages: readonly Message[],
): readonly FunctionResultContent[] {
  const wanted = new Set(open.map(({ callId }) => callId));
  const found: FunctionResultContent[] = [];
  for (const message of messages) {
    for (const { callId } of callsOf(message)) wanted.delete(callId);
    for (const result of resultsOf(message)) if (wanted.delete(result.callId)) found.push(result);
    if (wanted.size === 0) break;
  }
  return found;
}

/** An answer that the service itself ended, at its length limit or by its filter, counts only if it is empty. */
function isInterrupted({ status, contents }: Message): boolean {
  return status === 'cancelled' || status === 'failed' || (status === 'incomplete' && contents === '');
}

function marked(message: Message): Message {
  const text = textOf(message);
  const note =
    text === '' ? '[This answer was interrupted before its first word.]' : '[This answer was interrupted here.]';
  const said = text === '' ? note : `${text}\n${note}`;
  const calls = callsOf(message).filter((call) => isWhole(call.arguments));
  return {
    role: message.role,
    contents: calls.length === 0 ? said : [{ type: 'text', text: said }, ...calls],
    ...(message.authorName === undefined ? {} : { authorName: message.authorName }),
  };
}

/** Some servers parse the arguments of old calls and refuse the whole request when one is broken. */
function withWholeArguments(message: Message): Message {
  if (callsOf(message).every((call) => isWhole(call.arguments))) return message;
  const contents = contentsOf(message).map((content) =>
    content.type === 'function_call' && !isWhole(content.arguments) ? { ...content, arguments: '{}' } : content,
  );
  return { ...message, contents };
}

function resultsFor(calls: readonly FunctionCallContent[], results: readonly FunctionResultContent[]): Message {
  const contents = calls.map(
    ({ callId }): FunctionResultContent =>
      results.find((result) => result.callId === callId) ?? { type: 'function_result', callId, result: UNANSWERED },
  );
  return { role: 'tool', contents };
}

/** Some servers parse an empty text as well, and fail. */
function isWhole(args: string): boolean {
  return args.trim() !== '' && parseArguments(args) !== null;
}
