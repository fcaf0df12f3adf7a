// One whole answer, and the fold that makes it from updates: append while they come, build once when asked.
import {
  type Annotation,
  type ApprovalRequest,
  answerText,
  type Content,
  contentsOf,
  type Message,
  type MessageStatus,
  type Role,
  type TextContent,
} from './message.ts';
import { mergeMetadata, type ResponseMetadata } from './metadata.ts';
import type { AgentResponseUpdate, FinishReason } from './update.ts';
import { addUsage, type Usage } from './usage.ts';

export type ResponseStatus = 'completed' | 'incomplete' | 'cancelled' | 'failed' | 'queued' | 'in_progress';

/** The answer of one run, as plain data. */
export interface AgentResponse<Value = never> {
  /** The text of all assistant messages except commentary, joined without a separator. */
  readonly text: string;
  /** What the run added to the conversation after the question. */
  readonly messages: readonly Message[];
  /** How the run ended, or where a background run is. Only `completed` is a whole answer. */
  readonly status: ResponseStatus;
  /** Why the model stopped; null if the service did not say. */
  readonly finishReason: FinishReason | null;
  /** The sum over the model calls of the run; null if the service did not report usage. */
  readonly usage: Usage | null;
  /** The service's id of the last model call; null if it gave none. */
  readonly responseId: string | null;
  /** What the service reports about the answer: model, time, tier, request id; null if it reported nothing. */
  readonly metadata: ResponseMetadata | null;
  /** Calls that wait for the caller's consent; answer each with `approve()` or `reject()` in the next run. */
  readonly approvals: readonly ApprovalRequest[];
  /** The answer as data, if the run requested `output` and the answer is complete and not a refusal. */
  readonly value: Value | undefined;
}

interface OpenMessage {
  role: Role;
  messageId: string | null;
  authorName: string | null;
  phase: string | null;
  contents: Content[];
  /** Adjacent text fragments, joined when the message is built, and what they cite. */
  fragments: string[];
  annotations: Annotation[] | null;
}

const MEDIA: ReadonlySet<string> = new Set(['uri', 'data', 'hosted_file'] satisfies Content['type'][]);

/** Joins the updates of a run, or of one model call, into messages. */
export class ResponseFold {
  readonly #messages: OpenMessage[] = [];
  #open: OpenMessage | null = null;
  #finishReason: FinishReason | null = null;
  #usage: Usage | null = null;
  #responseId: string | null = null;
  #metadata: ResponseMetadata | null = null;
  #approvals: ApprovalRequest[] = [];

  /** Adds the next update. Progress of tools is ignored. */
  add(update: AgentResponseUpdate): void {
    if (update.responseId !== null) this.#responseId = update.responseId;
    if (update.finishReason !== null) this.#finishReason = update.finishReason;
    if (update.usage !== null) this.#usage = addUsage(this.#usage, update.usage);
    if (update.metadata !== null) this.#metadata = mergeMetadata(this.#metadata, update.metadata);
    if (update.contents.length === 0) return;
    const open = this.#openFor(update);
    for (const content of update.contents) {
      // Text first: nearly all contents are.
      if (content.type === 'text' && content.opaque === undefined) appendText(open, content);
      else if (content.type === 'approval_request') this.#approvals.push(withoutType(content));
      else if (content.type !== 'tool_progress') append(this.#begunIn(content) ?? open, content);
    }
  }

  /** The last one so far; null before the service reported any. */
  get finishReason(): FinishReason | null {
    return this.#finishReason;
  }

  /** The response so far, without `value`. */
  build(status: ResponseStatus): AgentResponse {
    const written = this.#messages.filter((open) => open.contents.length > 0 || open.fragments.length > 0);
    const interrupted = written.at(-1);
    const messages = written.map((open) => closeMessage(open, open === interrupted ? messageStatus(status) : null));
    return {
      text: answerText(messages),
      messages,
      status,
      finishReason: this.#finishReason,
      usage: this.#usage,
      responseId: this.#responseId,
      metadata: this.#metadata,
      approvals: this.#approvals,
      value: undefined,
    };
  }

  /** The message of this answer in which a call began: its last fragments may come after the next message has begun. */
  #begunIn(content: Content): OpenMessage | undefined {
    if (content.type !== 'function_call') return undefined;
    const answer = this.#messages.findLastIndex(({ role }) => role !== 'assistant') + 1;
    // Backwards: the call that is still being streamed is usually the last.
    const isSameCall = (earlier: Content): boolean => continues(earlier, content);
    return this.#messages.findLast(
      ({ contents }, index) => index >= answer && contents.findLast(isSameCall) !== undefined,
    );
  }

  /** A new message starts when the speaker changes, or when both ids are known and differ. */
  #openFor(update: AgentResponseUpdate): OpenMessage {
    const open = this.#open;
    // Only the model leaves its role out, and after a tool's results it is the model that speaks again.
    const role = update.role ?? 'assistant';
    const sameId = open?.messageId == null || update.messageId === null || open.messageId === update.messageId;
    if (open !== null && open.role === role && sameId) {
      open.messageId ??= update.messageId;
      open.phase ??= update.phase;
      return open;
    }
    const { messageId, authorName, phase } = update;
    const earlier = update.text === '' && messageId !== null ? this.#earlier(role, messageId) : undefined;
    if (earlier !== undefined) return earlier;
    const next = { role, messageId, authorName, phase, contents: [], fragments: [], annotations: null };
    this.#messages.push(next);
    this.#open = next;
    return next;
  }

  /** The message of an update without text: citations, for example, may come after the next message has begun. */
  #earlier(role: Role, messageId: string): OpenMessage | undefined {
    const others = this.#messages.findLastIndex((message) => message.role !== role);
    return this.#messages.slice(others + 1).find((message) => message.messageId === messageId);
  }
}

function append(open: OpenMessage, content: Content): void {
  flush(open);
  const { contents } = open;
  // Only calls may be continued after another content: parallel calls come interleaved.
  const index =
    content.type === 'function_call'
      ? contents.findLastIndex((earlier) => continues(earlier, content))
      : contents.length - 1;
  const earlier = contents[index];
  if (earlier === undefined || !continues(earlier, content)) contents.push(content);
  else contents[index] = joined(earlier, content);
}

function appendText(open: OpenMessage, { text, annotations }: TextContent): void {
  open.fragments.push(text);
  if (annotations === undefined) return;
  open.annotations ??= [];
  for (const each of annotations) open.annotations.push(each);
}

function flush(open: OpenMessage): void {
  const { fragments, annotations } = open;
  if (fragments.length === 0) return;
  const text = fragments.join('');
  open.contents.push(annotations === null ? { type: 'text', text } : { type: 'text', text, annotations });
  open.fragments = [];
  open.annotations = null;
}

function continues(earlier: Content, next: Content): boolean {
  if (earlier.type === 'refusal') return next.type === 'refusal';
  if (earlier.type === 'text_reasoning') {
    return next.type === 'text_reasoning' && (next.id ?? earlier.id) === earlier.id && next.part === earlier.part;
  }
  return earlier.type === 'function_call' && next.type === 'function_call' && earlier.callId === next.callId;
}

function joined(earlier: Content, next: Content): Content {
  if (earlier.type === 'function_call' && next.type === 'function_call') {
    return { ...earlier, ...next, name: earlier.name || next.name, arguments: earlier.arguments + next.arguments };
  }
  return 'text' in earlier && 'text' in next ? { ...earlier, ...next, text: earlier.text + next.text } : next;
}

function withoutType({ callId, name, arguments: args }: ApprovalRequest): ApprovalRequest {
  return { callId, name, arguments: args };
}

/** The service ended the answer itself, at its length limit or by its filter. */
export function isCutShort(finishReason: FinishReason | null): boolean {
  return finishReason === 'length' || finishReason === 'content_filter';
}

/** Whether an answer has neither text nor media. */
export function isEmptyAnswer({ text, messages }: AgentResponse): boolean {
  return text === '' && !messages.flatMap(contentsOf).some(({ type }) => MEDIA.has(type));
}

/** Only an interrupted assistant message is marked; a finished one carries no status. */
export function messageStatus(status: ResponseStatus): MessageStatus | null {
  return status === 'cancelled' || status === 'failed' || status === 'incomplete' ? status : null;
}

function closeMessage(open: OpenMessage, status: MessageStatus | null): Message {
  const onlyText = open.contents.length === 0 && open.annotations === null;
  if (!onlyText) flush(open);
  const { role, authorName, messageId, phase } = open;
  const contents = onlyText ? open.fragments.join('') : open.contents;
  // Literals of exactly these members: spread reserves room in every stored message for members it does not have.
  const said = authorName === null ? { role, contents } : { role, contents, authorName };
  const marked = status !== null && role === 'assistant';
  if (messageId === null && phase === null && !marked) return said;
  return {
    ...said,
    ...(messageId === null ? {} : { messageId }),
    ...(phase === null ? {} : { phase }),
    ...(marked ? { status } : {}),
  };
}
