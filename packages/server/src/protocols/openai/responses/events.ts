// Turns an answer into the Responses API: numbered events about items, and the response object.
import type { AgentResponse, AgentResponseUpdate, Content, Message, Usage } from '@turnstream/core';
import { contentsOf } from '@turnstream/core';
import { COMMENTARY } from '@turnstream/core/seams';
import { ReaderMistake } from '../../../events/error-event.ts';
import type { ErrorEvent } from '../../../events/wire.ts';
import type { AnswerFold } from '../../answer-fold.ts';
import { CallerCalls } from '../caller-calls.ts';
import { CallItem, type ItemEvent, MessageItem, type OutputItem, ReasoningItem } from './items.ts';

export interface ResponseHead {
  readonly id: string;
  readonly model: string;
  readonly previousId: string | null;
  readonly isStored: boolean;
  /** Names of the tools that the caller runs. */
  readonly callerTools: ReadonlySet<string>;
}

type Ended = Pick<AgentResponse, 'finishReason' | 'status' | 'usage'>;

export class ResponseEvents implements AnswerFold<ItemEvent> {
  readonly #head: ResponseHead;
  readonly #createdAt = Math.floor(Date.now() / 1000);
  readonly #calls: CallerCalls;
  readonly #items: OutputItem[] = [];
  /** Unfinished items: calls, whose fragments may interleave, and at most one other item. */
  readonly #open = new Set<OutputItem>();
  #speaking: OutputItem | null = null;
  #number = 0;

  constructor(head: ResponseHead) {
    this.#head = head;
    this.#calls = new CallerCalls(head.callerTools);
  }

  begin(): readonly ItemEvent[] {
    const response = this.#response('in_progress', null);
    return this.#numbered([
      { type: 'response.created', response },
      { type: 'response.in_progress', response },
    ]);
  }

  update({ contents, phase }: Pick<AgentResponseUpdate, 'contents' | 'phase'>): readonly ItemEvent[] {
    return this.#numbered(contents.flatMap((content) => this.#content(content, phase === COMMENTARY)));
  }

  done(response: AgentResponse<unknown>): readonly ItemEvent[] {
    refuseApprovals(response);
    return this.#numbered([...this.#endAll(), this.#end(response)]);
  }

  /** Two events, because some clients read only one of them. */
  failed({ code, message }: ErrorEvent): readonly ItemEvent[] {
    return this.#numbered([
      { type: 'error', code, message, param: null },
      { type: 'response.failed', response: { ...this.#response('failed', null), error: { code, message } } },
    ]);
  }

  /** The response object of an answer with these messages. */
  whole(messages: readonly Message[], ended: Ended): object {
    for (const message of messages) {
      if (message.role === 'assistant') this.update({ contents: contentsOf(message), phase: message.phase ?? null });
      this.#endAll();
    }
    return this.#end(ended)['response'] as object;
  }

  #content(content: Content, isCommentary: boolean): readonly ItemEvent[] {
    if (content.type === 'function_call') return this.#call(this.#calls.take(content));
    if (!('text' in content) || content.text === '') return [];
    if (content.type === 'refusal') return this.#say(content.text, 'refusal', (at) => new MessageItem('refusal', at));
    if (content.type === 'text' && !isCommentary)
      return this.#say(content.text, 'output_text', (at) => new MessageItem('output_text', at));
    const key = content.type === 'text' ? COMMENTARY : `${content.id ?? ''} ${content.part ?? ''}`;
    return this.#say(content.text, key, (at) => new ReasoningItem(key, at));
  }

  #say(text: string, key: string, make: (index: number) => OutputItem): readonly ItemEvent[] {
    if (this.#speaking?.key === key) return [this.#speaking.add(text)];
    const before = this.#endSpeaking();
    const item = make(this.#items.length);
    this.#speaking = item;
    return [...before, ...this.#begin(item), item.add(text)];
  }

  #call(piece: ReturnType<CallerCalls['take']>): readonly ItemEvent[] {
    if (piece === null) return [];
    const { callId, name, fragment } = piece;
    const growing = [...this.#open].find(({ key }) => key === callId);
    if (growing !== undefined) return fragment === '' ? [] : [growing.add(fragment)];
    const before = this.#endSpeaking();
    const item = new CallItem(callId, name, this.#items.length);
    const begun = this.#begin(item);
    return fragment === '' ? [...before, ...begun] : [...before, ...begun, item.add(fragment)];
  }

  #begin(item: OutputItem): readonly ItemEvent[] {
    this.#items.push(item);
    this.#open.add(item);
    return item.begin();
  }

  #endSpeaking(): readonly ItemEvent[] {
    const item = this.#speaking;
    if (item === null) return [];
    this.#speaking = null;
    this.#open.delete(item);
    return item.end();
  }

  #endAll(): readonly ItemEvent[] {
    const events = [...this.#open].flatMap((item) => item.end());
    this.#open.clear();
    this.#speaking = null;
    return events;
  }

  #end({ status, finishReason, usage }: Ended): ItemEvent {
    const end = status === 'completed' ? 'completed' : 'incomplete';
    const reason = finishReason === 'content_filter' ? finishReason : 'max_output_tokens';
    const details = end === 'completed' ? {} : { incomplete_details: { reason } };
    return { type: `response.${end}`, response: { ...this.#response(end, usage), ...details } };
  }

  #response(status: string, usage: Usage | null): object {
    const { id, model, previousId, isStored } = this.#head;
    const output = this.#items.map((item) => item.whole(this.#open.has(item) ? 'in_progress' : 'completed'));
    return {
      ...UNSAID,
      id,
      object: 'response',
      created_at: this.#createdAt,
      status,
      model,
      output,
      previous_response_id: previousId,
      store: isStored,
      usage: toUsage(usage),
    };
  }

  #numbered(events: readonly ItemEvent[]): readonly ItemEvent[] {
    return events.map((event) => ({ ...event, sequence_number: this.#number++ }));
  }
}

/** Throws if calls wait for approval, which this route cannot ask for. */
export function refuseApprovals({ approvals }: Pick<AgentResponse, 'approvals'>): void {
  if (approvals.length === 0) return;
  throw new ReaderMistake(
    'input_invalid',
    'The model called a tool that needs approval, which cannot be given here. Use POST /chat of this server.',
  );
}

/** Members that clients expect and that callers cannot set. */
const UNSAID = {
  background: false,
  error: null,
  incomplete_details: null,
  instructions: null,
  metadata: {},
  parallel_tool_calls: true,
  temperature: null,
  tool_choice: 'auto',
  tools: [],
  top_p: null,
} as const;

/** Null when the model's service did not say. */
function toUsage(usage: Usage | null): object | null {
  if (usage === null) return null;
  const { inputTokens, outputTokens, totalTokens, cachedInputTokens, reasoningTokens } = usage;
  return {
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    total_tokens: totalTokens,
    ...(cachedInputTokens === undefined ? {} : { input_tokens_details: { cached_tokens: cachedInputTokens } }),
    ...(reasoningTokens === undefined ? {} : { output_tokens_details: { reasoning_tokens: reasoningTokens } }),
  };
}
