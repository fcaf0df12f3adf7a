// From messages to the body of a Chat Completions request. Pure: nothing is added that the request does not say.
import { AgentError, type ChatRequest, type Message, textOf } from '@turnstream/core';

/** A message as this API writes it. */
export interface ChatWireMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
  readonly name?: string;
}

const MAX_NAME_CHARS = 64;
/** Without it a stream ends uncounted. */
const STREAMED = { stream: true, stream_options: { include_usage: true } };
const WHOLE = { stream: false };

/** `base` holds the client's model and parameters. */
export function chatBody(base: object, request: ChatRequest): object {
  return { ...base, messages: chatMessages(request), ...(request.stream ? STREAMED : WHOLE) };
}

/** The instructions first, then one wire message for each message. Throws `input_invalid` for one that has no place here. */
export function chatMessages({ instructions, messages }: ChatRequest): ChatWireMessage[] {
  const wire: ChatWireMessage[] = [];
  if (instructions !== null && instructions !== '') wire.push({ role: 'system', content: instructions });
  let author: string | undefined;
  let name = '';
  for (const message of messages) {
    const content = textOf(message);
    switch (message.role) {
      case 'system':
      case 'user':
        wire.push({ role: message.role, content });
        break;
      case 'assistant':
        // Reasoning alone has no form in this API.
        if (content === '' && message.contents !== '') break;
        // Most answers of a conversation are by one author.
        if (message.authorName !== author) name = wireName((author = message.authorName));
        wire.push(name === '' ? { role: 'assistant', content } : { role: 'assistant', name, content });
        break;
      case 'tool':
        throw noPlaceFor(message);
      default:
        message.role satisfies never;
    }
  }
  return wire;
}

/** The service takes letters, digits and underscores, at most 64. */
function wireName(author = ''): string {
  return author.replace(/[^A-Za-z0-9_]/g, '').slice(0, MAX_NAME_CHARS);
}

export function noPlaceFor(message: Message): AgentError {
  return new AgentError(
    'input_invalid',
    `A message with role '${message.role}' answers no call of a tool. Leave it out.`,
  );
}
