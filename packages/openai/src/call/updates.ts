// The updates of a model call, written as literals with the fields in core's order: a stream makes one for every frame.
import type {
  Content,
  FinishReason,
  FunctionCallContent,
  ReasoningContent,
  RefusalContent,
  TextContent,
  Usage,
} from '@turnstream/core';
import type { ChatUpdate } from '@turnstream/core/seams';

/** What a model says, whole or in fragments. */
export type SaidContent = TextContent | ReasoningContent | RefusalContent;

const NONE: readonly Content[] = [];

/** One fragment: of what it says, or of what it calls. */
export function contentUpdate(
  content: SaidContent | FunctionCallContent,
  messageId: string | null,
  responseId: string | null,
): ChatUpdate {
  return {
    text: content.type === 'text' || content.type === 'refusal' ? content.text : '',
    contents: [content],
    role: 'assistant',
    messageId,
    phase: null,
    responseId,
    authorName: null,
    finishReason: null,
    usage: null,
    metadata: null,
    conversationId: null,
  };
}

/** No contents: the answer began, ended, or was counted. */
export function metadataUpdate(
  responseId: string | null,
  finishReason: FinishReason | null = null,
  usage: Usage | null = null,
  conversationId: string | null = null,
): ChatUpdate {
  return {
    text: '',
    contents: NONE,
    role: 'assistant',
    messageId: null,
    phase: null,
    responseId,
    authorName: null,
    finishReason,
    usage,
    metadata: null,
    conversationId,
  };
}
