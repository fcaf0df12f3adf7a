// A message is what one speaker said: a role and its contents, as plain data that survives JSON.

/** Who speaks. `system` is for messages a caller hands in; an agent's own instructions are never a message. */
export type Role = 'user' | 'assistant' | 'system' | 'tool';

export interface TextContent {
  readonly type: 'text';
  readonly text: string;
}

/** What a reasoning model shows of its thinking. Never part of `text`. */
export interface ReasoningContent {
  readonly type: 'text_reasoning';
  readonly text: string;
  /** The service's id of the reasoning item, when it gave one. */
  readonly id?: string;
  /** Opaque reasoning the service wants back on the next call. */
  readonly encrypted?: string;
}

/** The model declined. It is an answer in words and not an error, so it is part of `text`. */
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
}

/** Why a call gave no proper result. What a tool threw is not stored: it may hold secrets. */
export type ToolErrorCode = 'unknown_tool' | 'invalid_arguments' | 'tool_failed' | 'tool_timeout' | 'rejected';

/** What a call came to, as the model reads it. */
export interface FunctionResultContent {
  readonly type: 'function_result';
  readonly callId: string;
  readonly result: string;
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

export type Content =
  | TextContent
  | ReasoningContent
  | RefusalContent
  | FunctionCallContent
  | FunctionResultContent
  | ApprovalRequestContent
  | ApprovalResponseContent;

/** How far an interrupted assistant message got. Absent on a message that was finished. */
export type MessageStatus = 'cancelled' | 'failed' | 'incomplete';

export interface Message {
  readonly role: Role;
  /** A string is short for one text content: most messages are, and a session holds many. */
  readonly contents: string | readonly Content[];
  /** Name of the agent that wrote it. */
  readonly authorName?: string;
  /** The service's id of the message, when it gave one. */
  readonly messageId?: string;
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
