// From messages to the body of a Chat Completions request. Pure: nothing is added that the request does not say.
import { contentsOf, type FunctionCallContent, type Message, type ReasoningContent, textOf } from '@turnstream/core';
import { asObject, asText, type ChatRequest, callsOf, type JsonObject, resultsOf } from '@turnstream/core/seams';
import { chatDeclarations, replayedName, schemaInWords } from '../request/declarations.ts';
import { markOf, unsendable, unsendableContent } from '../request/unsendable.ts';
import type { ServiceProfile } from '../service/profile.ts';
import { CHAT_COMPLETIONS } from './contents.ts';
import { type ChatPart, chatPart } from './media.ts';

/** A message as this API writes it. */
export type ChatWireMessage =
  | { readonly role: 'system' | 'user'; readonly content: string | readonly ChatPart[] }
  | {
      readonly role: 'assistant';
      readonly name?: string;
      readonly content: string | null;
      readonly tool_calls?: readonly ChatWireCall[];
    }
  | { readonly role: 'tool'; readonly tool_call_id: string; readonly content: string };

interface ChatWireCall {
  readonly id: string;
  readonly type: 'function';
  readonly function: { readonly name: string; readonly arguments: string };
  readonly extra_content?: JsonObject;
}

/** What a client says in every request. */
export interface ChatBase {
  readonly model: string;
  readonly parallel_tool_calls?: boolean | undefined;
  readonly stream_options?: object | null | undefined;
}

const MAX_NAME_CHARS = 64;
/** Without it a stream of OpenAI's ends uncounted. */
const COUNTED = { include_usage: true };

/** `base` holds the model and the parameters of this call; `list` the placeholder of its messages. */
export function chatBody(
  base: ChatBase,
  request: ChatRequest,
  profile: ServiceProfile,
  list: readonly unknown[] = chatMessages(request.messages, profile),
): object {
  const { parallel_tool_calls, stream_options, ...bare } = base;
  const options = stream_options === undefined && profile.streamOptions ? COUNTED : stream_options;
  return {
    ...bare,
    // The service refuses the parameter in a request without tools.
    ...(request.tools === undefined || parallel_tool_calls === undefined ? {} : { parallel_tool_calls }),
    messages: [...instructionsMessage(request, profile), ...list],
    ...chatDeclarations(request, profile),
    stream: request.stream,
    ...(request.stream && options != null ? { stream_options: options } : {}),
  };
}

/**
 * One wire message for each message, and one for each tool result. Throws `input_invalid` for a message or a content that
 * has no place here.
 */
export function chatMessages(messages: readonly Message[], profile: ServiceProfile): ChatWireMessage[] {
  const wire: ChatWireMessage[] = [];
  let author: string | undefined;
  let name = '';
  for (const message of messages) {
    switch (message.role) {
      case 'system':
      case 'user':
        wire.push({ role: message.role, content: askedContent(message) });
        break;
      case 'assistant':
        // Most answers of a conversation are by one author.
        if (message.authorName !== author) name = wireName((author = message.authorName));
        addAssistantMessage(message, profile.names ? name : '', profile, wire);
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

function instructionsMessage(request: ChatRequest, profile: ServiceProfile): ChatWireMessage[] {
  const content = instructionsOf(request, profile);
  return content === '' ? [] : [{ role: 'system', content }];
}

/** In JSON mode the service does not see the schema, so the model reads it in the instructions. */
function instructionsOf({ instructions, output }: ChatRequest, profile: ServiceProfile): string {
  const own = instructions ?? '';
  if (output === undefined || profile.output === 'json_schema') return own;
  return [own, schemaInWords(output)].filter((text) => text !== '').join('\n');
}

function askedContent({ contents }: Message): string | readonly ChatPart[] {
  if (typeof contents === 'string') return contents;
  const parts = contents.map(chatPart);
  const texts = parts.map((part) => (part.type === 'text' ? part.text : null));
  return texts.includes(null) ? parts : texts.join('');
}

/** Text and calls of one message are one wire message. Reasoning alone has no form in this API. */
function addAssistantMessage(message: Message, name: string, profile: ServiceProfile, wire: ChatWireMessage[]): void {
  const content = textOf(message) + contentsOf(message).map(markOf).join('');
  const calls = callsOf(message);
  if (calls.length === 0 && content === '' && message.contents !== '') return;
  wire.push({
    role: 'assistant',
    ...(name === '' ? {} : { name }),
    // Some servers require the member next to calls; OpenAI takes null.
    content: calls.length > 0 && content === '' ? null : content,
    ...(calls.length === 0
      ? {}
      : { ...reasoningBack(message, profile), tool_calls: calls.map((call) => wireCall(call, profile)) }),
  });
}

/** The reasoning that led to the calls, in the member it came in. */
function reasoningBack(message: Message, profile: ServiceProfile): object {
  const thoughts = contentsOf(message).filter((content) => content.type === 'text_reasoning');
  if (!profile.reasoningBack || thoughts.length === 0) return {};
  return { [memberOf(thoughts[0])]: thoughts.map(({ text }) => text).join('') };
}

function memberOf(thought: ReasoningContent | undefined): string {
  return asText(asObject(thought?.opaque?.[CHAT_COMPLETIONS])?.['member']) ?? 'reasoning_content';
}

function wireCall(call: FunctionCallContent, { extraBack }: ServiceProfile): ChatWireCall {
  const extra = extraBack ? asObject(asObject(call.opaque?.[CHAT_COMPLETIONS])?.['extra_content']) : null;
  return {
    id: call.callId,
    type: 'function',
    function: { name: replayedName(call.name), arguments: call.arguments },
    ...(extra === null ? {} : { extra_content: extra }),
  };
}

function addResults(message: Message, wire: ChatWireMessage[]): void {
  const results = resultsOf(message);
  if (results.length === 0) throw unsendable(message);
  for (const { callId, result, items } of results) {
    const media = items?.find((item) => item.type !== 'text');
    if (media !== undefined) {
      throw unsendableContent(
        `${media.type} in a tool result`,
        'Chat Completions takes text there; Responses takes images',
      );
    }
    wire.push({ role: 'tool', tool_call_id: callId, content: result });
  }
}

/** The service takes letters, digits and underscores, at most 64. */
function wireName(author = ''): string {
  return author.replace(/[^A-Za-z0-9_]/g, '').slice(0, MAX_NAME_CHARS);
}
