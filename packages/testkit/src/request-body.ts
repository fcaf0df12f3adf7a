// What a request body says, read from either API's form: its instructions and the conversation it carries.

export type Api = 'chat_completions' | 'responses';

/** A message as the model was sent it. */
export interface SentMessage {
  readonly role: string;
  readonly text: string;
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

/** Chat Completions has no place of its own for instructions: they are the leading system (or developer) message. */
function readChatCompletions(body: JsonObject): SentConversation {
  const messages = listOf(body['messages']).map(readMessage);
  const first = messages[0];
  if (first?.role !== 'system' && first?.role !== 'developer') return { instructions: null, messages };
  return { instructions: first.text, messages: messages.slice(1) };
}

function readResponses(body: JsonObject): SentConversation {
  const { input, instructions } = body;
  const messages =
    typeof input === 'string'
      ? [{ role: 'user', text: input }]
      : listOf(input)
          .filter((item) => item['type'] === undefined || item['type'] === 'message')
          .map(readMessage);
  return { instructions: typeof instructions === 'string' ? instructions : null, messages };
}

function readMessage(message: JsonObject): SentMessage {
  const { role, content, refusal } = message;
  const text = typeof content === 'string' ? content : listOf(content).map(textOfPart).join('');
  return {
    role: typeof role === 'string' ? role : 'unknown',
    text: text + (typeof refusal === 'string' ? refusal : ''),
  };
}

function textOfPart(part: JsonObject): string {
  const text = part['text'] ?? part['refusal'];
  return typeof text === 'string' ? text : '';
}

function listOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
