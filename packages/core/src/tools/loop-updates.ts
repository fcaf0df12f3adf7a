// The updates that a tool loop adds to those of the model, and what it leaves out of them.
import type { Content, FunctionCallContent } from '../message/message.ts';
import { type ChatUpdate, chatUpdate } from '../model/update.ts';

/** What tools report and return. */
export function toolUpdate(contents: readonly Content[]): ChatUpdate {
  return chatUpdate({ contents, role: 'tool' });
}

/** Asks for consent to these calls. */
export function approvalUpdate(calls: readonly FunctionCallContent[]): ChatUpdate {
  const contents = calls.map((call): Content => ({ ...call, type: 'approval_request' }));
  return chatUpdate({ contents, role: 'assistant' });
}

/** Drops calls that the model makes although the tool choice forbids them, and that it ended with them. */
export function withoutCalls(update: ChatUpdate): ChatUpdate {
  const contents = update.contents.filter((content) => content.type !== 'function_call');
  const isEnd = update.finishReason === 'tool_calls';
  if (contents.length === update.contents.length && !isEnd) return update;
  return { ...update, contents, finishReason: isEnd ? 'stop' : update.finishReason };
}
