// A message is what one speaker said: a role and its contents, as plain data that survives JSON.

/** Who speaks. `system` is for messages a caller passes in; an agent's own instructions are never a message. */
export type Role = 'user' | 'assistant' | 'system' | 'tool';

/**
 * Data that a service expects back with the next call, and that only its client reads: encrypted reasoning, signatures,
 * its own items. Keyed by the API that wrote it, such as `openai_responses`; a client ignores the entries of other
 * APIs.
 */
export type Opaque = Readonly<Record<string, unknown>>;

/** Text. In an update it is one fragment; in a message it is the whole. */
export interface TextContent {
  readonly type: 'text';
  readonly text: string;
  /** Sources the model cites. In an update they may come with an empty text and count from the start of the message. */
  readonly annotations?: readonly Annotation[];
  readonly opaque?: Opaque;
}

/** A citation, with the members MAF gives it. Members the service did not send are absent. */
export interface Annotation {
  readonly type: 'citation';
  readonly title?: string;
  readonly url?: string;
  readonly fileId?: string;
  /** The tool that found the source, such as `web_search`. */
  readonly toolName?: string;
  readonly snippet?: string;
  /** Where in the text it is cited, in UTF-16 code units as the service counts them; `endIndex` is exclusive. */
  readonly regions?: readonly { readonly startIndex: number; readonly endIndex: number }[];
  readonly opaque?: Opaque;
}

/** The thinking that a reasoning model shows. Never part of `text`. */
export interface ReasoningContent {
  readonly type: 'text_reasoning';
  readonly text: string;
  /** The service's id of the reasoning item, when it gave one. */
  readonly id?: string;
  /** Which part of the item's summary this is, from 0, when the service sends the summary in parts. */
  readonly part?: number;
  /** Written by versions before `opaque`: encrypted reasoning of the Responses API. Still read, no longer written. */
  readonly encrypted?: string;
  readonly opaque?: Opaque;
}

/** The model declined to answer. A refusal is an answer, not an error, so it is part of `text`. */
export interface RefusalContent {
  readonly type: 'refusal';
  readonly text: string;
}

/** The model asks for a tool. In an update `arguments` is one fragment of the JSON text; in a message it is the whole. */
export interface FunctionCallContent {
  readonly type: 'function_call';
  readonly callId: string;
  readonly name: string;
  readonly arguments: string;
  readonly opaque?: Opaque;
}

/** Something at an address the service can fetch, such as an image at `https://…`. */
export interface UriContent {
  readonly type: 'uri';
  readonly uri: string;
  /** Such as `image/png`. It determines whether the content is sent as an image, as audio or as a file. */
  readonly mediaType: string;
  readonly opaque?: Opaque;
}

/** Something sent along with the message, as a base64 `data:` URI. `dataContent()` makes one of bytes. */
export interface DataContent {
  readonly type: 'data';
  readonly uri: string;
  readonly mediaType: string;
  /** File name shown to the model, for types that are sent as files. */
  readonly name?: string;
  readonly opaque?: Opaque;
}

/** A file that is already stored at the service, by its id there. */
export interface HostedFileContent {
  readonly type: 'hosted_file';
  readonly fileId: string;
  /** An image type sends it as an image; anything else, or nothing, as a file. */
  readonly mediaType?: string;
  readonly name?: string;
  readonly opaque?: Opaque;
}

/** The contents of a message other than text. */
export type MediaContent = UriContent | DataContent | HostedFileContent;

/**
 * An item of the service's own, such as a web search it ran or a compacted conversation. `opaque` holds it as it came, for
 * the next call.
 */
export interface ServiceItemContent {
  readonly type: 'service_item';
  /** What the service calls it, such as `web_search_call`. */
  readonly name: string;
  readonly id?: string;
  readonly opaque: Opaque;
}

/** Why a call has no proper result. The error that a tool threw is not stored, because it may contain secrets. */
export type ToolErrorCode = 'unknown_tool' | 'invalid_arguments' | 'tool_failed' | 'tool_timeout' | 'rejected';

/** The result of a tool call, as the model reads it. */
export interface FunctionResultContent {
  readonly type: 'function_result';
  readonly callId: string;
  /** The result as text; '' when it is in `items` alone. */
  readonly result: string;
  /** A result that is not only text, such as an image. The text parts are joined in `result` too. */
  readonly items?: readonly (TextContent | MediaContent)[];
  readonly error?: ToolErrorCode;
}

/** A call that waits for the caller's consent. Only in updates; a response lists them as `approvals`. */
export interface ApprovalRequestContent {
  readonly type: 'approval_request';
  readonly callId: string;
  readonly name: string;
  readonly arguments: string;
}

/** A call of `response.approvals` that waits for consent. */
export type ApprovalRequest = Omit<ApprovalRequestContent, 'type'>;

/** The caller's answer to an approval request. Never stored and never sent to a model. */
export interface ApprovalResponseContent {
  readonly type: 'approval_response';
  readonly callId: string;
  readonly arguments: string;
  readonly approved: boolean;
}

/** Progress of a tool that is still running. Only in updates: never stored and never sent to a model. */
export interface ToolProgressContent {
  readonly type: 'tool_progress';
  readonly callId: string;
  /** What the tool reported: text, or any other JSON value. */
  readonly progress: unknown;
}

/** One part of a message. `type` says which; a stored one may be of a type that a newer version wrote. */
export type Content =
  | TextContent
  | ReasoningContent
  | RefusalContent
  | MediaContent
  | ServiceItemContent
  | FunctionCallContent
  | FunctionResultContent
  | ApprovalRequestContent
  | ApprovalResponseContent
  | ToolProgressContent;

/** The phase of messages in which a model says what it is about to do. Like reasoning, they are not part of the answer. */
export const COMMENTARY = 'commentary';

/** How far an interrupted assistant message got. Absent on a message that was finished. */
export type MessageStatus = 'cancelled' | 'failed' | 'incomplete';

/** What one speaker said, as plain data. */
export interface Message {
  readonly role: Role;
  /** A string is shorthand for one text content, which is what most messages hold. */
  readonly contents: string | readonly Content[];
  /** Name of the agent that wrote it. */
  readonly authorName?: string;
  /** The service's id of the message, when it gave one. */
  readonly messageId?: string;
  /** What the service calls this part of a turn, such as `commentary` or `final_answer`; it wants the mark back. */
  readonly phase?: string;
  readonly status?: MessageStatus;
  /** Marks the last message of a background run's turn, by which the turn is known to be stored already. */
  readonly runId?: string;
}

/** The contents of a message as a list, whichever way they are written. */
export function contentsOf(message: Message): readonly Content[] {
  return typeof message.contents === 'string' ? [{ type: 'text', text: message.contents }] : message.contents;
}

/** What a reader of the message should see: its text and refusal contents, joined without a separator. */
export function textOf(message: Message): string {
  return typeof message.contents === 'string' ? message.contents : readableText(message.contents);
}

/** What the assistant messages answer: their text, joined without a separator, and no commentary between tool calls. */
export function answerText(messages: readonly Message[]): string {
  let text = '';
  for (const message of messages) {
    if (message.role === 'assistant' && message.phase !== COMMENTARY) text += textOf(message);
  }
  return text;
}

/** The text and refusal contents, joined without a separator; '' when there are none. */
export function readableText(contents: readonly Content[]): string {
  let text = '';
  for (const content of contents) if (content.type === 'text' || content.type === 'refusal') text += content.text;
  return text;
}

/** The tool calls of a message, in order. */
export function callsOf(message: Message): readonly FunctionCallContent[] {
  if (typeof message.contents === 'string') return [];
  return message.contents.filter((content) => content.type === 'function_call');
}

/** The tool results of a message, in order. */
export function resultsOf(message: Message): readonly FunctionResultContent[] {
  if (typeof message.contents === 'string') return [];
  return message.contents.filter((content) => content.type === 'function_result');
}

/** The calls that have no result among the messages. */
export function callsWithoutResults(
  calls: readonly FunctionCallContent[],
  messages: readonly Message[],
): readonly FunctionCallContent[] {
  const answered = new Set(messages.flatMap(resultsOf).map(({ callId }) => callId));
  return calls.filter(({ callId }) => !answered.has(callId));
}
