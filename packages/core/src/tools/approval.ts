// Consent to tool calls: what the caller answers, and which calls a continued run then owes a result.
import { AgentError } from '../errors.ts';
import {
  type ApprovalRequest,
  type ApprovalResponseContent,
  callsOf,
  callsWithoutResults,
  contentsOf,
  type FunctionCallContent,
  type Message,
  resultsOf,
} from '../message/message.ts';
import type { Tool } from './tool.ts';

/** Approves a call. Pass the message to the next run on the session: the call runs with exactly the arguments shown. */
export function approve(request: ApprovalRequest): Message {
  return answer(request, true);
}

/**
 * Rejects a call. Pass the message to the next run on the session: the call does not run, and the model gets an error.
 */
export function reject(request: ApprovalRequest): Message {
  return answer(request, false);
}

/** Makes a message with the caller's result for a call of a tool without `execute`. Pass it to the next run. */
export function toolResult(callId: string, result: string): Message {
  return { role: 'tool', contents: [{ type: 'function_result', callId, result }] };
}

function answer(request: ApprovalRequest, approved: boolean): Message {
  const { callId, arguments: args }: Partial<ApprovalRequest> = request ?? {};
  if (typeof callId !== 'string' || typeof args !== 'string') {
    throw new AgentError(
      'input_invalid',
      'Only an approval request can be approved or rejected. Pass one of response.approvals.',
    );
  }
  return { role: 'user', contents: [{ type: 'approval_response', callId, arguments: args, approved }] };
}

/** A batch that waited, and the calls of it that were refused. */
export interface AnsweredBatch {
  readonly calls: readonly FunctionCallContent[];
  readonly rejected: ReadonlySet<string>;
}

/** True for a message that only answers approval requests: it steers the run and is not part of the conversation. */
export function isApprovalAnswer(message: Message): boolean {
  const contents = contentsOf(message);
  return contents.length > 0 && contents.every((content) => content.type === 'approval_response');
}

/**
 * The batch that the question answers; null when it answers none. `pending` are the calls that have no result yet.
 * Throws `input_invalid` for an answer to a call that is not pending, consent to a call whose tool is gone, changed
 * arguments, a missing answer, or a mixed question.
 */
export function answeredBatch(
  question: readonly Message[],
  pending: readonly FunctionCallContent[],
  tools: ReadonlyMap<string, Tool>,
): AnsweredBatch | null {
  const answers = question
    .flatMap((message) => contentsOf(message))
    .filter((content) => content.type === 'approval_response');
  if (answers.length === 0) return null;
  // Results of other calls of the batch may come along: the caller runs some of its tools itself.
  const before = question.filter((message) => !isApprovalAnswer(message) && resultsOf(message).length === 0).at(-1);
  if (before !== undefined && (callsOf(before).length === 0 || question.at(-1) === before)) {
    throw new AgentError(
      'input_invalid',
      'Nothing may come between calls and their approval: ask the new question in the next run.',
    );
  }
  for (const each of answers) checkAnswer(each, pending, tools);
  const answered = new Set(answers.map((each) => each.callId));
  const open = pending.find((call) => tools.get(call.name)?.approval === 'always' && !answered.has(call.callId));
  if (open !== undefined) {
    throw new AgentError(
      'input_invalid',
      `Call ${open.callId} of the same batch has no answer. Approve or reject it too.`,
    );
  }
  return {
    calls: callsWithoutResults(pending, question),
    rejected: new Set(answers.filter((each) => !each.approved).map((each) => each.callId)),
  };
}

/** Throws `input_invalid` if a call still needs a result from the caller: a service takes all results of a batch at once. */
export function refuseMissingResult(batch: AnsweredBatch | null, tools: ReadonlyMap<string, Tool>): void {
  const open = batch?.calls.find(({ name }) => tools.has(name) && tools.get(name)?.execute === undefined);
  if (open === undefined) return;
  throw new AgentError(
    'input_invalid',
    `Call ${open.callId} of the same batch has no result. Pass its toolResult() along with the approvals.`,
  );
}

function checkAnswer(
  each: ApprovalResponseContent,
  pending: readonly FunctionCallContent[],
  tools: ReadonlyMap<string, Tool>,
): void {
  const call = pending.find(({ callId }) => callId === each.callId);
  if (call === undefined) {
    throw new AgentError(
      'input_invalid',
      `No call ${JSON.stringify(each.callId)} is waiting for approval in this conversation.`,
    );
  }
  if (call.arguments !== each.arguments) {
    throw new AgentError(
      'input_invalid',
      `The arguments of call ${call.callId} are not the ones that were shown for approval.`,
    );
  }
  if (each.approved && !tools.has(call.name)) {
    throw new AgentError(
      'input_invalid',
      `Call ${call.callId} was approved, but the run has no tool ${JSON.stringify(call.name)}. Pass the tool, or reject the call.`,
    );
  }
}

/**
 * Throws `input_invalid` for a result that no call waits for: it would have to be dropped. A call is given up when
 * something else is asked, or other calls of its answer get their results, before it is answered.
 */
export function refuseStrayResults(question: readonly Message[], history: readonly Message[]): void {
  const known = [...pendingCalls(history), ...question.flatMap(callsOf)];
  const stray = question.flatMap(resultsOf).find(({ callId }) => known.every((call) => call.callId !== callId));
  if (stray === undefined) return;
  throw new AgentError(
    'input_invalid',
    `No call ${JSON.stringify(stray.callId)} is waiting for a result in this conversation.`,
  );
}

/** Throws `input_invalid` for a second result of a call: the model reads one. A later call may have the same id. */
export function refuseRepeatedResults(messages: readonly Message[]): void {
  const answered = new Set<string>();
  for (const message of messages) {
    for (const { callId } of callsOf(message)) answered.delete(callId);
    for (const { callId } of resultsOf(message)) {
      if (answered.has(callId)) {
        throw new AgentError('input_invalid', `Call ${JSON.stringify(callId)} has more than one result. Send one.`);
      }
      answered.add(callId);
    }
  }
}

/**
 * The calls of the last answer that have no result yet. Older ones were given up when something else was asked, or when the
 * model answered without their results.
 */
export function pendingCalls(messages: readonly Message[]): readonly FunctionCallContent[] {
  const end = messages.findLastIndex(({ role }) => role !== 'assistant' && role !== 'tool');
  const pending = new Set<FunctionCallContent>();
  for (const [index, message] of messages.entries()) {
    if (index <= end) continue;
    if (message.role === 'assistant' && messages[index - 1]?.role === 'tool') pending.clear();
    const done = new Set(resultsOf(message).map(({ callId }) => callId));
    for (const call of pending) if (done.has(call.callId)) pending.delete(call);
    for (const call of callsOf(message)) pending.add(call);
  }
  return [...pending];
}
