// Tools that run at the client: declared in a request, or the agent's own without `execute`. Their calls end the answer, and
// the next request has the results.
import {
  AgentError,
  type DataContent,
  type FunctionCallContent,
  type FunctionResultContent,
  type Message,
  type TextContent,
  type Tool,
  tool,
  type UriContent,
} from '@turnstream/core';
import { callsOf, pendingCalls, resultsOf } from '@turnstream/core/seams';
import { z } from 'zod';
import type { ServerContext } from '../turn/context.ts';

export interface DeclaredTool {
  readonly name: string;
  readonly description: string;
  readonly parameters?: Readonly<Record<string, unknown>> | undefined;
}

/** Tools of a request, for one run. Throws `input_invalid` for a name that is taken or that models do not accept. */
export function declaredTools(declared: readonly DeclaredTool[], agentTools: readonly string[]): readonly Tool[] {
  const taken = new Set(agentTools);
  return declared.map(({ name, description, parameters }) => {
    if (taken.has(name)) {
      throw new AgentError('input_invalid', `There already is a tool named ${JSON.stringify(name)}. Rename yours.`);
    }
    taken.add(name);
    try {
      return tool({ name, description, ...(parameters === undefined ? {} : { parameters }) });
    } catch (error) {
      if (error instanceof AgentError) throw new AgentError('input_invalid', error.message);
      throw error;
    }
  });
}

/** A call in a message of the assistant, as Chat Completions and AG-UI write it. */
export const assistantCall = z.looseObject({
  id: z.string().min(1),
  function: z.looseObject({ name: z.string().min(1), arguments: z.string() }),
});

export function callContent({ id: callId, function: called }: z.infer<typeof assistantCall>): FunctionCallContent {
  return { type: 'function_call', callId, name: called.name, arguments: called.arguments };
}

/** What the client's tool came to, as a message. */
export function resultMessage(callId: string, result: string, isError: boolean): Message {
  const content: FunctionResultContent = { type: 'function_result', callId, result };
  return { role: 'tool', contents: [isError ? { ...content, error: 'tool_failed' } : content] };
}

/** The result of a tool of the agent, as the model read it and a client sends it back: text and files. */
export function resultOfParts(callId: string, items: readonly (DataContent | TextContent | UriContent)[]): Message {
  const result = items
    .map((each) => (each.type === 'text' ? each.text : ''))
    .join('\n')
    .trim();
  if (items.every(({ type }) => type === 'text')) return resultMessage(callId, result, false);
  return { role: 'tool', contents: [{ type: 'function_result', callId, result, items }] };
}

/**
 * The results among these that calls in the stored messages wait for. Clients repeat results that are stored already;
 * those are left out. Throws `input_invalid` for a result of no call, and of a call that the server runs itself.
 */
export function awaitedResults(
  results: readonly Message[],
  stored: readonly Message[],
  served: ServerContext,
): readonly Message[] {
  const calls = stored.flatMap(callsOf);
  const waiting = new Set(pendingCalls(stored).map(({ callId }) => callId));
  const cutShort = new Set(messagesCutShort(stored).flatMap(callsOf));
  return results.filter((message) =>
    resultsOf(message).some(({ callId }) => {
      const call = calls.findLast((each) => each.callId === callId);
      if (call !== undefined && !waiting.has(callId)) return false;
      if (call !== undefined && !served.runsTool(call.name)) return true;
      // The call was cut short and never ran. The client repeats the error that the server sent as its result.
      if (call !== undefined && cutShort.has(call)) return false;
      throw orphan(callId);
    }),
  );
}

/** The messages of answers that were cut short. Only the last message of an answer is marked. */
function messagesCutShort(stored: readonly Message[]): readonly Message[] {
  let isCut = false;
  return stored.toReversed().filter(({ role, status }) => {
    isCut = role === 'assistant' && (isCut || status !== undefined);
    return isCut;
  });
}

/** Throws `input_invalid` for a result whose call is neither added with it nor in the messages before: models refuse it. */
export function refuseOrphans(added: readonly Message[], before: readonly Message[] = []): void {
  const calls = new Set([...before, ...added].flatMap(callsOf).map(({ callId }) => callId));
  const stray = added.flatMap(resultsOf).find(({ callId }) => !calls.has(callId));
  if (stray === undefined) return;
  const problem = `This conversation has no call ${JSON.stringify(stray.callId)}. Send it before its result.`;
  throw new AgentError('input_invalid', problem);
}

function orphan(callId: string): AgentError {
  return new AgentError(
    'input_invalid',
    `No call ${JSON.stringify(callId)} waits for a result from the client. Leave that result out.`,
  );
}
