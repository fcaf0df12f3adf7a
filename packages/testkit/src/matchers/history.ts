// Checks history through model calls: it grows within a session and does not leak into another.

import type { SentMessage } from '../request/body.ts';
import type { RecordedRequest } from '../request/recorded.ts';
import type { MatchResult } from './chunks.ts';

export function growsHistory(recorded: readonly RecordedRequest[]): MatchResult {
  // Polls of a background response carry no history.
  const requests = recorded.filter((request) => request.responseId === null);
  if (requests.length < 2)
    throw new Error(`toGrowHistory() needs at least 2 model calls of a session, got ${requests.length}`);
  for (const [index, later] of requests.entries()) {
    const earlier = requests[index - 1];
    const fault = earlier === undefined ? null : replayFault(earlier.messages, later.messages);
    if (fault === null) continue;
    return {
      pass: false,
      message: () =>
        `expected model call ${index + 1} to replay the history of call ${index} and add to it, but ${fault}`,
      actual: later.messages,
      expected: earlier?.messages,
    };
  }
  return {
    pass: true,
    message: () =>
      `expected the history not to grow, but each of the ${requests.length} model calls replays the one before`,
  };
}

/** The reason why `later` does not continue `earlier`; null when it does. */
function replayFault(earlier: readonly SentMessage[], later: readonly SentMessage[]): string | null {
  const changed = earlier.findIndex((message, index) => !isSame(message, later[index]));
  if (changed >= 0) {
    return `message ${changed + 1} was ${shown(earlier[changed])} and is ${shown(later[changed])}`;
  }
  return later.length > earlier.length ? null : `it sends the same ${later.length} messages again`;
}

export function sharesNoHistory(requests: readonly RecordedRequest[], others: readonly RecordedRequest[]): MatchResult {
  if (requests.length === 0 || others.length === 0) {
    throw new Error(
      `toShareNoHistoryWith() needs model calls on both sides, got ${requests.length} and ${others.length}`,
    );
  }
  const foreign = others.flatMap((request) => request.messages);
  const shared = requests.flatMap((request, index) =>
    request.messages
      .filter((message) => !isOwnQuestion(message, requests) && foreign.some((other) => isSame(other, message)))
      .map((message) => `call ${index + 1} sends ${shown(message)}`),
  );
  const pass = shared.length === 0;
  return {
    pass,
    message: () =>
      pass
        ? 'expected the sessions to share history, but no message of one was sent in the other'
        : `expected the sessions to share no history, but ${shared.join(', ')}, which belongs to the other`,
    actual: shared,
    expected: [],
  };
}

/** The last message of a call is its own question, so the same question in both sessions is not a leak. */
function isOwnQuestion(message: SentMessage, requests: readonly RecordedRequest[]): boolean {
  return requests.some((request) => isSame(request.messages.at(-1), message));
}

function isSame(left: SentMessage | undefined, right: SentMessage | undefined): boolean {
  if (left === undefined || right === undefined) return false;
  return left.role === right.role && left.text === right.text && tooling(left) === tooling(right);
}

/** The calls of a message, or the call it answers; '' for most. */
function tooling({ calls = [], callId }: SentMessage): string {
  const called = calls.map((call) => ` calling ${call.name}(${call.arguments}) as ${call.callId}`);
  return called.join('') + (callId === undefined ? '' : ` for ${callId}`);
}

function shown(message: SentMessage | undefined): string {
  if (message === undefined) return 'missing';
  const { role, text } = message;
  return `${role} ${JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)}${tooling(message)}`;
}
