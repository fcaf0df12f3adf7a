// Turns an answer into the events of one AG-UI run. https://docs.ag-ui.com/spec/1.0/events/lifecycle
import type { AgentResponse, AgentResponseUpdate, Annotation, Content, FunctionResultContent } from '@turnstream/core';
import { COMMENTARY } from '@turnstream/core/seams';
import type { ErrorEvent } from '../../events/wire.ts';
import type { ApprovalBatch } from '../../store/approvals.ts';
import type { AnswerFold } from '../answer-fold.ts';
import { type AguiEvent, CallEvents } from './call-events.ts';
import { resultContent } from './result-content.ts';
import { RESPONSE_SCHEMA } from './resume.ts';

/** The version of the protocol. */
const PROTOCOL_VERSION = '1.0';

export interface AguiRun {
  readonly threadId: string;
  readonly runId: string;
  readonly parentRunId?: string | undefined;
  /** Null for a conversation that its client keeps. */
  readonly sessionId: string | null;
}

/** A message that is being written. */
interface OpenMessage {
  readonly kind: 'REASONING' | 'TEXT';
  /** Parts of a reasoning summary are messages of their own. */
  readonly of: string;
  readonly id: string;
}

export class AguiEvents implements AnswerFold<AguiEvent> {
  readonly #run: AguiRun;
  readonly #calls = new CallEvents();
  #open: OpenMessage | null = null;
  /** The message that the calls of this model answer belong to. */
  #said: string | null = null;

  constructor(run: AguiRun) {
    this.#run = run;
  }

  begin(): readonly AguiEvent[] {
    const { threadId, runId, parentRunId, sessionId } = this.#run;
    return [
      {
        type: 'RUN_STARTED',
        threadId,
        runId,
        protocolVersion: PROTOCOL_VERSION,
        parentRunId,
        metadata: { sessionId },
      },
    ];
  }

  update({ contents, phase }: AgentResponseUpdate): readonly AguiEvent[] {
    return contents.flatMap((content) => this.#content(content, phase === COMMENTARY));
  }

  done(response: AgentResponse<unknown>, approvals: ApprovalBatch | null): readonly AguiEvent[] {
    const { usage, status, finishReason } = response;
    const { threadId, runId } = this.#run;
    const isWhole = status === 'completed';
    return [
      ...this.#endMessage(),
      ...this.#calls.end(isWhole),
      {
        type: 'RUN_FINISHED',
        threadId,
        runId,
        outcome: approvals === null ? this.#success() : interrupted(approvals),
        ...(usage === null ? {} : { usage: [usage] }),
        metadata: { status, finishReason },
      },
    ];
  }

  failed({ code, message }: ErrorEvent): readonly AguiEvent[] {
    return [{ type: 'RUN_ERROR', message, code }];
  }

  #content(content: Content, isCommentary: boolean): readonly AguiEvent[] {
    switch (content.type) {
      case 'text':
        return [
          ...this.#say(isCommentary ? 'REASONING' : 'TEXT', '', content.text),
          ...(content.annotations ?? []).flatMap(citation),
        ];
      case 'refusal':
        return this.#say('TEXT', '', content.text);
      case 'text_reasoning':
        return this.#say('REASONING', `${content.id ?? ''} ${content.part ?? ''}`, content.text);
      case 'uri':
      case 'data':
        return [{ type: 'CUSTOM', name: 'file', value: { url: content.uri, mediaType: content.mediaType } }];
      case 'function_call':
        return [...this.#endMessage(), ...this.#calls.call(content, (this.#said ??= crypto.randomUUID()))];
      case 'function_result':
        return this.#result(content);
      case 'tool_progress':
        return [...this.#endMessage(), ...this.#calls.progress(content)];
      // Approvals are requested at the end, for the whole batch; the client does not show the other kinds.
      case 'approval_request':
      case 'approval_response':
      case 'hosted_file':
      case 'service_item':
        return [];
    }
  }

  #say(kind: OpenMessage['kind'], of: string, delta: string): readonly AguiEvent[] {
    if (delta === '') return [];
    const before = this.#open?.kind === kind && this.#open.of === of ? [] : this.#endMessage();
    if (this.#open !== null) return [{ type: `${messageEvent(kind)}_CONTENT`, messageId: this.#open.id, delta }];
    const id = crypto.randomUUID();
    this.#open = { kind, of, id };
    if (kind === 'TEXT') this.#said = id;
    return [
      ...before,
      ...(kind === 'TEXT' ? [] : [{ type: 'REASONING_START', messageId: id }]),
      { type: `${messageEvent(kind)}_START`, messageId: id, role: kind === 'TEXT' ? 'assistant' : 'reasoning' },
      { type: `${messageEvent(kind)}_CONTENT`, messageId: id, delta },
    ];
  }

  #endMessage(): readonly AguiEvent[] {
    if (this.#open === null) return [];
    const { kind, id } = this.#open;
    this.#open = null;
    const end = { type: `${messageEvent(kind)}_END`, messageId: id };
    return kind === 'TEXT' ? [end] : [end, { type: 'REASONING_END', messageId: id }];
  }

  #result(content: FunctionResultContent): readonly AguiEvent[] {
    // What the model says next is another message.
    this.#said = null;
    return [...this.#endMessage(), ...this.#calls.result(content.callId, resultContent(content))];
  }

  #success(): object {
    const { waiting } = this.#calls;
    return waiting.length === 0 ? { type: 'success' } : { type: 'success', pendingToolCallIds: waiting };
  }
}

function messageEvent(kind: OpenMessage['kind']): string {
  return `${kind}_MESSAGE`;
}

function interrupted({ calls, expiresAtMs }: ApprovalBatch): object {
  const interrupts = calls.map(({ callId, name }) => ({
    id: callId,
    reason: 'tool_call',
    message: `Allow the call of ${name}?`,
    toolCallId: callId,
    responseSchema: RESPONSE_SCHEMA,
    expiresAt: new Date(expiresAtMs).toISOString(),
  }));
  return { type: 'interrupt', interrupts };
}

function citation({ url, title }: Annotation): readonly AguiEvent[] {
  if (url === undefined) return [];
  return [{ type: 'CUSTOM', name: 'citation', value: { url, title } }];
}
