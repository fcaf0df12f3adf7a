// What a client says back: updates, pulled one by one.

import { COMMENTARY, type Content, type Role, readableText } from '../message/message.ts';
import type { ResponseMetadata } from '../message/metadata.ts';
import type { AgentResponseUpdate, FinishReason } from '../message/update.ts';
import type { Usage } from '../message/usage.ts';

/** An update as the client saw it, with what only the agent needs to know. */
export interface ChatUpdate extends AgentResponseUpdate {
  authorName: string | null;
  /**
   * Id under which the service keeps the conversation; the agent remembers it when the turn succeeds. It may come in any
   * update. Only the finish reason, in the same update or later, says that the service has the whole answer.
   */
  readonly conversationId: string | null;
  /**
   * The model is working without output yet: it has begun to reason, or a hosted tool is running. Such an update resets
   * `firstUpdateMs` and `idleMs` as one with contents does.
   */
  readonly isWorking: boolean;
}

/** The updates of one model call, pulled one by one. */
export interface ChatUpdates extends AsyncIterator<ChatUpdate, unknown> {
  /**
   * The next update if it is already buffered and no pull is pending. Null does not mean the end: the next pull decides.
   * One read often yields many updates, and this avoids a promise for each.
   */
  takeReady?(): ChatUpdate | null;
}

const NO_CONTENTS: readonly Content[] = [];

/** Builds a `ChatUpdate` with every field present. `text` is what is readable in the contents. */
export function chatUpdate(fields: {
  readonly contents?: readonly Content[];
  readonly role?: Role | null;
  readonly messageId?: string | null;
  readonly phase?: string | null;
  readonly responseId?: string | null;
  readonly finishReason?: FinishReason | null;
  readonly usage?: Usage | null;
  readonly metadata?: ResponseMetadata | null;
  readonly conversationId?: string | null;
  readonly isWorking?: boolean;
}): ChatUpdate {
  const contents = fields.contents ?? NO_CONTENTS;
  return {
    text: fields.phase === COMMENTARY ? '' : readableText(contents),
    contents,
    role: fields.role ?? null,
    messageId: fields.messageId ?? null,
    phase: fields.phase ?? null,
    responseId: fields.responseId ?? null,
    authorName: null,
    finishReason: fields.finishReason ?? null,
    usage: fields.usage ?? null,
    metadata: fields.metadata ?? null,
    conversationId: fields.conversationId ?? null,
    isWorking: fields.isWorking ?? false,
  };
}
