// Turns an answer into chunks of the AI SDK's UI message stream: parts of one assistant message, one step per model call.
// https://ai-sdk.dev/docs/ai-sdk-ui/stream-protocol#data-stream-protocol
import {
  type AgentResponse,
  type AgentResponseUpdate,
  type Annotation,
  type Content,
  contentsOf,
  type Message,
} from '@turnstream/core';
import { COMMENTARY } from '@turnstream/core/seams';
import type { ErrorEvent } from '../../events/wire.ts';
import type { AnsweredCall } from '../../store/approvals.ts';
import type { AnswerFold } from '../answer-fold.ts';
import { type Chunk, ToolChunks } from './tool-chunks.ts';

/** Text or reasoning that is being written. Parts of a reasoning summary are parts of their own. */
interface OpenPart {
  readonly kind: 'text' | 'reasoning';
  readonly of: string;
  readonly id: string;
}

export interface UiAnswer {
  readonly sessionId: string | null;
  /** Of the message at the client. A replay with the same id takes the place of what the client has of it. */
  readonly messageId: string;
  readonly answered: readonly AnsweredCall[];
}

export class UiChunks implements AnswerFold<Chunk> {
  readonly #sessionId: string | null;
  readonly #messageId: string;
  readonly #tools: ToolChunks;
  #isInStep = false;
  #open: OpenPart | null = null;
  #parts = 0;
  #sources = 0;

  /** `answered` are the approved or rejected calls that the answer continues with. The client has them already. */
  constructor({ sessionId, messageId, answered }: UiAnswer) {
    this.#sessionId = sessionId;
    this.#messageId = messageId;
    this.#tools = new ToolChunks(answered);
  }

  begin(): readonly Chunk[] {
    return [{ type: 'start', messageId: this.#messageId, messageMetadata: { sessionId: this.#sessionId } }];
  }

  update({ contents, phase }: Pick<AgentResponseUpdate, 'contents' | 'phase'>): readonly Chunk[] {
    return contents.flatMap((content) => this.#content(content, phase === COMMENTARY));
  }

  done({ approvals, finishReason, status, usage }: AgentResponse<unknown>): readonly Chunk[] {
    const waiting = approvals.flatMap(({ callId }) => this.#tools.approval(callId));
    return [
      ...this.#endPart(),
      ...this.#tools.end(),
      ...waiting,
      ...this.#endStep(),
      {
        type: 'finish',
        ...finish(status, finishReason),
        messageMetadata: {
          sessionId: this.#sessionId,
          status: waiting.length > 0 ? 'awaiting_approval' : status,
          usage,
        },
      },
    ];
  }

  failed(end: ErrorEvent): readonly Chunk[] {
    return [errorChunk(end)];
  }

  /** The end of an answer that another one continues, in the same message. */
  pause(): readonly Chunk[] {
    return [...this.#endPart(), ...this.#tools.end(), ...this.#endStep()];
  }

  #content(content: Content, isCommentary: boolean): readonly Chunk[] {
    switch (content.type) {
      case 'text':
        return [
          ...this.#say(isCommentary ? 'reasoning' : 'text', '', content.text),
          ...(content.annotations ?? []).flatMap((annotation) => this.#source(annotation)),
        ];
      case 'refusal':
        return this.#say('text', '', content.text);
      case 'text_reasoning':
        return this.#say('reasoning', `${content.id ?? ''} ${content.part ?? ''}`, content.text);
      case 'uri':
      case 'data':
        return [...this.#step(), { type: 'file', url: content.uri, mediaType: content.mediaType }];
      case 'function_call':
        return [...this.#step(), ...this.#endPart(), ...this.#tools.call(content)];
      case 'function_result':
        return [...this.#endPart(), ...this.#tools.result(content), ...this.#endStep()];
      case 'tool_progress':
        return [...this.#endPart(), ...this.#tools.progress(content)];
      // Approvals are requested at the end, for the whole batch; the client does not show the other kinds.
      case 'approval_request':
      case 'approval_response':
      case 'hosted_file':
      case 'service_item':
        return [];
    }
  }

  #say(kind: OpenPart['kind'], of: string, delta: string): readonly Chunk[] {
    if (delta === '') return [];
    if (this.#open?.kind === kind && this.#open.of === of) return [{ type: `${kind}-delta`, id: this.#open.id, delta }];
    const before = [...this.#step(), ...this.#endPart()];
    const id = `${kind}-${++this.#parts}`;
    this.#open = { kind, of, id };
    return [...before, { type: `${kind}-start`, id }, { type: `${kind}-delta`, id, delta }];
  }

  #source({ url, title }: Annotation): readonly Chunk[] {
    if (url === undefined) return [];
    return [...this.#step(), { type: 'source-url', sourceId: `source-${++this.#sources}`, url, title }];
  }

  #endPart(): readonly Chunk[] {
    if (this.#open === null) return [];
    const { kind, id } = this.#open;
    this.#open = null;
    return [{ type: `${kind}-end`, id }];
  }

  /** Results end a step; what the model says next begins one. */
  #step(): readonly Chunk[] {
    if (this.#isInStep) return [];
    this.#isInStep = true;
    return [{ type: 'start-step' }];
  }

  #endStep(): readonly Chunk[] {
    if (!this.#isInStep) return [];
    this.#isInStep = false;
    return [{ type: 'finish-step' }];
  }
}

export function errorChunk({ message }: ErrorEvent): Chunk {
  return { type: 'error', errorText: message };
}

/** What the assistant's message shows already, for a reader that gets the answer from the beginning of that message. */
export function chunksOf(messages: readonly Message[]): readonly Chunk[] {
  const chunks = new UiChunks({ sessionId: null, messageId: '', answered: [] });
  const said = messages.flatMap((each) => chunks.update({ contents: contentsOf(each), phase: each.phase ?? null }));
  return [...said, ...chunks.pause()];
}

function finish(status: string, reason: string | null): object {
  if (status === 'cancelled') return { finishReason: 'interrupted' };
  return reason === null ? {} : { finishReason: FINISH[reason] ?? 'other' };
}

const FINISH: Readonly<Record<string, string>> = {
  stop: 'stop',
  length: 'length',
  tool_calls: 'tool-calls',
  content_filter: 'content-filter',
};
