// From messages to the body of a Chat Completions request. Pure: nothing is added that the request does not say.
import { type FunctionCallContent, type Message, textOf } from '@turnstream/core';
import { type ChatRequest, callsOf, resultsOf } from '@turnstream/core/seams';
import { chatDeclarations, replayedName } from '../request/declarations.ts';
import { unsendable } from '../request/unsendable.ts';

/** A message as this API writes it. */
export type ChatWireMessage =
  | { readonly role: 'system' | 'user'; readonly content: string }
  | {
      readonly role: 'assistant';
      readonly name?: string;
      readonly content?: string;
      readonly tool_calls?: readonly ChatWireCall[];
    }
  | { readonly role: 'tool'; readonly tool_call_id: string; readonly content: string };

interface ChatWireCall {
  readonly id: string;
  readonly type: 'function';
  readonly function: { readonly name: string; readonly arguments: string };
}

/** What a client says in every request. */
export interface ChatBase {
  readonly model: string;
  readonly parallel_tool_calls?: boolean;
}

const MAX_NAME_CHARS = 64;
/** Without it a stream ends uncounted. */
const STREAMED = { stream: true, stream_options: { include_usage: true } };
const WHOLE = { stream: false };

/** `base` holds the client's model and parameters. */
export function chatBody(base: ChatBase, request: ChatRequest): object {
  const { parallel_tool_calls, ...bare } = base;
  return {
    // The service refuses the parameter in a request without tools.
    ...(request.tools === undefined || parallel_tool_calls === undefined ? bare : base),
    messages: chatMessages(request),
    ...chatDeclarations(request),
    ...(request.stream ? STREAMED : WHOLE),
  };
}

/**
 * The instructions first, then one wire message for each message, and one for each result of a tool. Throws
 * `input_invalid` for a message that has no place here.
 */
export function chatMessages({ instructions, messages }: ChatRequest): ChatWireMessage[] {
  const wire: ChatWireMessage[] = [];
  if (instructions !== null && instructions !== '') wire.push({ role: 'system', content: instructions });
  let author: string | undefined;
  let name = '';
  for (const message of messages) {
    switch (message.role) {
      case 'system':
      case 'user':
        wire.push({ role: message.role, content: textOf(message) });
        break;
      case 'assistant':
        // Most answers of a conversation are by one author.
        if (message.authorName !== author) name = wireName((author = message.authorName));
        addAssistantMessage(message, name, wire);
        break;
      case 'tool':
        addResults(message, wire);
        break;
      default:
        message.role satisfies never;
    }
  }
  return wire;
}

/** Text and calls of one message are one wire message. Reasoning alone has no form in this API. */
function addAssistantMessage(message: Message, name: string, wire: ChatWireMessage[]): void {
  const { contents } = message;
  const content = textOf(message);
  const calls = callsOf(message);
  if (calls.length === 0) {
    if (content === '' && contents !== '') return;
    wire.push(name === '' ? { role: 'assistant', content } : { role: 'assistant', name, content });
    return;
  }
  wire.push({
    role: 'assistant',
    ...(name === '' ? {} : { name }),
    ...(content === '' ? {} : { content }),
    tool_calls: calls.map(wireCall),
  });
}

function wireCall(call: FunctionCallContent): ChatWireCall {
  return {
    id: call.callId,
    type: 'function',
    function: { name: replayedName(call.name), arguments: call.arguments },
  };
}

function addResults(message: Message, wire: ChatWireMessage[]): void {
  const results = resultsOf(message);
  if (results.length === 0) throw unsendable(message);
  for (const { callId, result } of results) wire.push({ role: 'tool', tool_call_id: callId, content: result });
}

/** The service takes letters, digits and underscores, at most 64. */
function wireName(author = ''): string {
  return author.replace(/[^A-Za-z0-9_]/g, '').slice(0, MAX_NAME_CHARS);
}
