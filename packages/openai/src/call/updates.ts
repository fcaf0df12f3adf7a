// The updates of a model call, written as literals with the fields in core's order: a stream makes one for every frame.
import type {
  Content,
  FinishReason,
  ReasoningContent,
  RefusalContent,
  ResponseMetadata,
  TextContent,
  Usage,
} from '@turnstream/core';
import { type ChatUpdate, COMMENTARY } from '@turnstream/core/seams';

/** What a model says in words, whole or in fragments. */
export type SaidContent = TextContent | ReasoningContent | RefusalContent;

const NONE: readonly Content[] = [];

/** One content, or a fragment of one. `phase` is what the service calls the message it belongs to. */
export function contentUpdate(
  content: Content,
  messageId: string | null,
  responseId: string | null,
  phase: string | null = null,
): ChatUpdate {
  const isAnswer = (content.type === 'text' || content.type === 'refusal') && phase !== COMMENTARY;
  return {
    text: isAnswer ? content.text : '',
    contents: [content],
    role: 'assistant',
    messageId,
    phase,
    responseId,
    authorName: null,
    finishReason: null,
    usage: null,
    metadata: null,
    conversationId: null,
    isWorking: false,
  };
}

/** No contents: the answer began, ended, was counted, or is described. */
export function metadataUpdate(
  responseId: string | null,
  finishReason: FinishReason | null = null,
  usage: Usage | null = null,
  conversationId: string | null = null,
  metadata: ResponseMetadata | null = null,
  isWorking = false,
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
    metadata,
    conversationId,
    isWorking,
  };
}

/** Nothing to show, but the model is working: it has begun to reason, or a hosted tool is running. */
export function workingUpdate(responseId: string | null): ChatUpdate {
  return metadataUpdate(responseId, null, null, null, null, true);
}
