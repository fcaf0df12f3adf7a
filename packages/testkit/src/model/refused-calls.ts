// Refuses a conversation in which a call has no result or a result has no call, as the real service does.
import type { SentMessage } from '../request/body.ts';
import type { RecordedRequest } from '../request/recorded.ts';
import { type HttpErrorStep, httpError } from '../script/reply.ts';

/**
 * The service's error; null when there is nothing to refuse. `messages` is the whole conversation, or only what was sent
 * when `isContinued`: then a result may belong to an earlier call.
 */
export function callRefusal(
  { api }: RecordedRequest,
  messages: readonly SentMessage[],
  { isContinued = false }: { readonly isContinued?: boolean } = {},
): HttpErrorStep | null {
  const known = new Set<string>();
  const open = new Set<string>();
  for (const { role, calls = [], callId } of messages) {
    if (role === 'tool' && callId !== undefined) {
      if (!known.has(callId) && !isContinued) return withoutCall[api](callId);
      open.delete(callId);
    } else if (api === 'chat_completions') {
      if (open.size > 0) break;
      // There, results come directly after their calls.
      known.clear();
    }
    for (const call of calls) {
      known.add(call.callId);
      open.add(call.callId);
    }
  }
  const [missing] = open;
  return missing === undefined ? null : withoutResult[api](missing);
}

const withoutResult = {
  chat_completions: (callId: string) =>
    refusal(
      'messages',
      `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${callId}`,
    ),
  responses: (callId: string) => refusal('input', `No tool output found for function call ${callId}.`),
};

const withoutCall = {
  chat_completions: () =>
    refusal(
      'messages',
      "Invalid parameter: messages with role 'tool' must be a response to a preceding message with 'tool_calls'.",
    ),
  responses: (callId: string) =>
    refusal('input', `No tool call found for function call output with call_id ${callId}.`),
};

function refusal(param: string, message: string): HttpErrorStep {
  return httpError(400, { type: 'invalid_request_error', param, message });
}
