// One whole answer, and the fold that makes it from updates: append while they come, build once when asked.
import type { Content, Message, MessageStatus, Role } from './message.ts';
import { textOf } from './message.ts';
import type { AgentResponseUpdate, FinishReason } from './update.ts';
import { addUsage, type Usage } from './usage.ts';

export type ResponseStatus = 'completed' | 'incomplete' | 'cancelled' | 'failed' | 'queued' | 'in_progress';

/** The answer of one run, as plain data. */
export interface AgentResponse {
  /** The text of all assistant messages, joined without a separator. */
  readonly text: string;
  /** What the run added to the conversation after the question. */
  readonly messages: readonly Message[];
  readonly status: ResponseStatus;
  readonly finishReason: FinishReason | null;
  /** Summed over the model calls of the run; null when the service did not say. */
  readonly usage: Usage | null;
  readonly responseId: string | null;
}

interface OpenMessage {
  role: Role;
  messageId: string | null;
  authorName: string | null;
  contents: Content[];
  /** Adjacent text fragments, joined when the message is built. */
  fragments: string[];
}

/** Collects the updates of a run. */
export class ResponseFold {
  readonly #messages: OpenMessage[] = [];
  #open: OpenMessage | null = null;
  #finishReason: FinishReason | null = null;
  #usage: Usage | null = null;
  #responseId: string | null = null;

  add(update: AgentResponseUpdate): void {
    if (update.responseId !== null) this.#responseId = update.responseId;
    if (update.finishReason !== null) this.#finishReason = update.finishReason;
    if (update.usage !== null) this.#usage = addUsage(this.#usage, update.usage);
    if (update.contents.length === 0) return;
    const open = this.#openFor(update);
    for (const content of update.contents) append(open, content);
  }

  get finishReason(): FinishReason | null {
    return this.#finishReason;
  }

  build(status: ResponseStatus): AgentResponse {
    const messages = this.#messages.map((open) => closeMessage(open, messageStatus(status)));
    return {
      text: messages.map((message) => (message.role === 'assistant' ? textOf(message) : '')).join(''),
      messages,
      status,
      finishReason: this.#finishReason,
      usage: this.#usage,
      responseId: this.#responseId,
    };
  }

  /** A new message starts when the speaker changes, or when both ids are known and differ. */
  #openFor(update: AgentResponseUpdate): OpenMessage {
    const open = this.#open;
    const role = update.role ?? open?.role ?? 'assistant';
    const sameId = open?.messageId == null || update.messageId === null || open.messageId === update.messageId;
    if (open !== null && open.role === role && sameId) {
      open.messageId ??= update.messageId;
      return open;
    }
    const next: OpenMessage = {
      role,
      messageId: update.messageId,
      authorName: update.authorName,
      contents: [],
      fragments: [],
    };
    this.#messages.push(next);
    this.#open = next;
    return next;
  }
}

function append(open: OpenMessage, content: Content): void {
  if (content.type === 'text') {
    open.fragments.push(content.text);
    return;
  }
  flush(open);
  const last = open.contents.at(-1);
  if (last !== undefined && continues(last, content)) open.contents[open.contents.length - 1] = joined(last, content);
  else open.contents.push(content);
}

function flush(open: OpenMessage): void {
  if (open.fragments.length === 0) return;
  open.contents.push({ type: 'text', text: open.fragments.join('') });
  open.fragments = [];
}

function continues(last: Content, next: Content): boolean {
  if (last.type === 'refusal') return next.type === 'refusal';
  if (last.type === 'text_reasoning') return next.type === 'text_reasoning' && (next.id ?? last.id) === last.id;
  return false;
}

function joined(last: Content, next: Content): Content {
  return { ...last, ...next, text: last.text + next.text };
}

/** Only an interrupted assistant message is marked; a finished one carries no status. */
function messageStatus(status: ResponseStatus): MessageStatus | null {
  return status === 'cancelled' || status === 'failed' || status === 'incomplete' ? status : null;
}

function closeMessage(open: OpenMessage, status: MessageStatus | null): Message {
  const onlyText = open.contents.length === 0;
  if (!onlyText) flush(open);
  return {
    role: open.role,
    contents: onlyText ? open.fragments.join('') : open.contents,
    ...(open.authorName === null ? {} : { authorName: open.authorName }),
    ...(open.messageId === null ? {} : { messageId: open.messageId }),
    ...(status === null || open.role !== 'assistant' ? {} : { status }),
  };
}
