// Reads the instructions and the conversation from a request body of either API.
import { imageOf, type SentImage } from './sent-images.ts';

/** One of OpenAI's two APIs. */
export type Api = 'chat_completions' | 'responses';

/** A message as sent to the model, in one form for both APIs. */
export interface SentMessage {
  readonly role: string;
  /** Of a tool message: the result. */
  readonly text: string;
  /** Absent when there are none. */
  readonly images?: readonly SentImage[];
  /** Tool calls the model made in this message; absent when there are none. */
  readonly calls?: readonly SentCall[];
  /** Of a tool message: the call that this result belongs to. */
  readonly callId?: string;
}

/** A tool call as sent back to the model. */
export interface SentCall {
  readonly callId: string;
  readonly name: string;
  /** JSON text. */
  readonly arguments: string;
}

export interface SentConversation {
  /** The agent's instructions; null when none were sent. */
  readonly instructions: string | null;
  readonly messages: readonly SentMessage[];
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** A request's body as an object; an empty one when it is not a JSON object. */
export function parseBody(body: string): JsonObject {
  try {
    const parsed: unknown = JSON.parse(body);
    return isObject(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function readConversation(api: Api, body: JsonObject): SentConversation {
  return api === 'responses' ? readResponses(body) : readChatCompletions(body);
}

/** Chat Completions has no field for instructions: they are the leading system (or developer) message. */
function readChatCompletions(body: JsonObject): SentConversation {
  return withInstructionsFirst(listOf(body['messages']).map(readMessage));
}

function withInstructionsFirst(messages: readonly SentMessage[]): SentConversation {
  const first = messages[0];
  if (first?.role !== 'system' && first?.role !== 'developer') return { instructions: null, messages };
  return { instructions: first.text, messages: messages.slice(1) };
}

/** Responses has a place for instructions, and takes them as the leading message as well. */
function readResponses(body: JsonObject): SentConversation {
  const { input, instructions } = body;
  const messages = typeof input === 'string' ? [{ role: 'user', text: input }] : readItems(listOf(input));
  return typeof instructions === 'string' ? { instructions, messages } : withInstructionsFirst(messages);
}

/** On the Responses API, calls are separate items: they belong to the assistant's message before them. */
function readItems(items: readonly JsonObject[]): SentMessage[] {
  const messages: SentMessage[] = [];
  for (const item of items) {
    const { type = 'message' } = item;
    const last = messages.at(-1);
    if (type === 'message') messages.push(readMessage(item));
    else if (type === 'function_call_output') {
      messages.push({ role: 'tool', text: textOfContent(item['output']), callId: textOr(item['call_id'], '') });
    } else if (type === 'function_call') {
      const call = readCall(item['call_id'], item);
      if (last?.role !== 'assistant') messages.push({ role: 'assistant', text: '', calls: [call] });
      else messages[messages.length - 1] = { ...last, calls: [...(last.calls ?? []), call] };
    }
  }
  return messages;
}

function readMessage(message: JsonObject): SentMessage {
  const { role, content, refusal, tool_call_id: callId } = message;
  const calls = listOf(message['tool_calls']).map((call) => readCall(call['id'], call['function']));
  const images = listOf(content)
    .map(imageOf)
    .filter((image) => image !== null);
  return {
    role: textOr(role, 'unknown'),
    text: textOfContent(content) + textOr(refusal, ''),
    ...(images.length === 0 ? {} : { images }),
    ...(calls.length === 0 ? {} : { calls }),
    ...(typeof callId === 'string' ? { callId } : {}),
  };
}

function readCall(id: unknown, said: unknown): SentCall {
  const { name, arguments: args } = isObject(said) ? said : {};
  return { callId: textOr(id, ''), name: textOr(name, ''), arguments: textOr(args, '') };
}

function textOfContent(content: unknown): string {
  return typeof content === 'string' ? content : listOf(content).map(textOfPart).join('');
}

function textOfPart(part: JsonObject): string {
  return textOr(part['text'] ?? part['refusal'], '');
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}

/** The objects in a list; empty when it is not a list. */
export function listOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
