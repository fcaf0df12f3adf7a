// Turns an answer into the Responses API: numbered events about items, and the response object.
import type {
  AgentResponse,
  AgentResponseUpdate,
  Content,
  FunctionResultContent,
  Message,
  Usage,
} from '@turnstream/core';
import { contentsOf } from '@turnstream/core';
import { COMMENTARY } from '@turnstream/core/seams';
import type { ErrorEvent } from '../../../events/wire.ts';
import type { AnswerFold } from '../../answer-fold.ts';
import { CallerCalls } from '../caller-calls.ts';
import { conversationIn, createdAtIn } from './ids.ts';
import { CallItem, type ItemEvent, type ItemPlace, MessageItem, type OutputItem, ReasoningItem } from './items.ts';
import { executionError, McpCallItem } from './mcp-item.ts';

export interface ResponseHead {
  readonly id: string;
  readonly model: string;
  readonly previousId: string | null;
  readonly isStored: boolean;
  readonly isBackground?: boolean;
  /** Names of the tools that the caller runs. */
  readonly callerTools: ReadonlySet<string>;
  /** Whether the calls that the server runs are part of the answer. */
  readonly showsOwnCalls: boolean;
  /** In seconds since 1970: the time in the id when left out. */
  readonly createdAt?: number;
}

type Said = Pick<AgentResponseUpdate, 'contents' | 'messageId' | 'phase'>;
type Ended = Pick<AgentResponse, 'finishReason' | 'status' | 'usage'>;

export class ResponseEvents implements AnswerFold<ItemEvent> {
  readonly #head: ResponseHead;
  readonly #calls: CallerCalls;
  readonly #items: OutputItem[] = [];
  /** Unfinished items: calls, whose fragments may interleave, and at most one other item. */
  readonly #open = new Set<OutputItem>();
  #speaking: OutputItem | null = null;
  /** The id of the message that the current item belongs to. */
  #messageId: string | null = null;
  #number = 0;

  constructor(head: ResponseHead) {
    this.#head = head;
    this.#calls = new CallerCalls(head.callerTools, head.showsOwnCalls);
  }

  begin(status: 'in_progress' | 'queued' = 'in_progress'): readonly ItemEvent[] {
    return this.#numbered([
      { type: 'response.created', response: this.now(status) },
      { type: `response.${status}`, response: this.now(status) },
    ]);
  }

  /** For a response that was queued. */
  work(): readonly ItemEvent[] {
    return this.#numbered([{ type: 'response.in_progress', response: this.now('in_progress') }]);
  }

  update({ contents, phase, messageId }: Said): readonly ItemEvent[] {
    // Citations of an earlier message may come after the next one has begun.
    const isEmpty = contents.every((content) => content.type === 'text' && content.text === '');
    const before = isEmpty ? [] : this.#startMessage(messageId);
    return this.#numbered([...before, ...contents.flatMap((content) => this.#content(content, phase === COMMENTARY))]);
  }

  done(response: Ended): readonly ItemEvent[] {
    return this.#numbered([...this.#endAll(response), this.#end(response)]);
  }

  /** Two events, because some clients read only one of them. */
  failed({ code, message }: ErrorEvent): readonly ItemEvent[] {
    return this.#numbered([
      { type: 'error', code, message, param: null },
      { type: 'response.failed', response: this.now('failed', { error: { code, message } }) },
    ]);
  }

  /** The API has no event for a cancelled response: its status tells. */
  cancelled(): readonly ItemEvent[] {
    return this.#numbered([{ type: 'response.failed', response: this.now('cancelled') }]);
  }

  /** For a reader whose stream ends although the response goes on. Its number is that of the last event, to resume after. */
  broken({ code, message }: ErrorEvent): ItemEvent {
    return { type: 'error', code, message, param: null, sequence_number: this.#number - 1 };
  }

  /** The response so far. */
  now(status: string, more: object = {}): object {
    return this.#response(status, null, more);
  }

  /** The response object of an answer with these messages. */
  whole(messages: readonly Message[], ended: Ended): object {
    for (const message of messages) {
      this.#endSpeaking();
      this.update({ contents: contentsOf(message), phase: message.phase ?? null, messageId: null });
    }
    this.#endAll(ended);
    return this.#end(ended)['response'] as object;
  }

  /** Ends the current item when the model starts another message, as in the stored answer. */
  #startMessage(messageId: string | null): readonly ItemEvent[] {
    const isSame = messageId === null || this.#messageId === null || messageId === this.#messageId;
    this.#messageId = messageId ?? this.#messageId;
    return isSame ? [] : this.#endSpeaking();
  }

  #content(content: Content, isCommentary: boolean): readonly ItemEvent[] {
    if (content.type === 'function_call') return [...this.#endSpeaking(), ...this.#call(this.#calls.take(content))];
    if (content.type === 'function_result') return this.#result(content);
    if (!('text' in content) || content.text === '') return [];
    if (content.type === 'refusal')
      return this.#say(content.text, 'refusal', (place) => new MessageItem('refusal', place));
    if (content.type === 'text' && !isCommentary)
      return this.#say(content.text, 'output_text', (place) => new MessageItem('output_text', place));
    const key = content.type === 'text' ? COMMENTARY : `${content.id ?? ''} ${content.part ?? ''}`;
    return this.#say(content.text, key, (place) => new ReasoningItem(key, place));
  }

  #say(text: string, key: string, make: (place: ItemPlace) => OutputItem): readonly ItemEvent[] {
    if (this.#speaking?.key === key) return [this.#speaking.add(text)];
    const before = this.#endSpeaking();
    const item = make(this.#place);
    this.#speaking = item;
    return [...before, ...this.#begin(item), item.add(text)];
  }

  #call(piece: ReturnType<CallerCalls['take']>): readonly ItemEvent[] {
    if (piece === null) return [];
    const { callId, name, fragment } = piece;
    const growing = this.#openCall(callId);
    if (growing !== undefined) return fragment === '' ? [] : [growing.add(fragment)];
    const server = this.#head.model;
    const item =
      piece.runsAt === 'caller'
        ? new CallItem(callId, name, this.#place)
        : new McpCallItem({ callId, name, server }, this.#place);
    const begun = this.#begin(item);
    return fragment === '' ? begun : [...begun, item.add(fragment)];
  }

  /** Only a call that the server ran, and shows, has a result here. */
  #result({ callId, result, error }: FunctionResultContent): readonly ItemEvent[] {
    this.#calls.end(callId);
    const item = this.#openCall(callId);
    if (!(item instanceof McpCallItem)) return [];
    item.took(error === undefined ? { output: result } : { error: executionError(result) });
    this.#open.delete(item);
    return item.end('completed');
  }

  #openCall(callId: string): OutputItem | undefined {
    return [...this.#open].find(({ key }) => key === callId);
  }

  get #place(): ItemPlace {
    return { responseId: this.#head.id, index: this.#items.length };
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
    return item.end('completed');
  }

  /** In an answer that was cut short, they stay unfinished. */
  #endAll({ status }: Ended): readonly ItemEvent[] {
    const items = [...this.#open];
    if (status !== 'completed') return items.flatMap((item) => item.end('incomplete'));
    this.#open.clear();
    return items.flatMap((item) => item.end('completed'));
  }

  #end({ status, finishReason, usage }: Ended): ItemEvent {
    const end = status === 'completed' ? 'completed' : 'incomplete';
    const reason = finishReason === 'length' ? 'max_output_tokens' : finishReason;
    // A stored answer no longer says why it was cut off.
    const details = end === 'completed' || reason === null ? {} : { incomplete_details: { reason } };
    return { type: `response.${end}`, response: this.#response(end, usage, details) };
  }

  #response(status: string, usage: Usage | null, more: object): object {
    const { id, model, previousId, isStored, isBackground = false, createdAt = createdAtIn(id) } = this.#head;
    const conversation = conversationIn(id);
    const unfinished = status === 'in_progress' ? status : 'incomplete';
    const output = this.#items.map((item) => item.whole(this.#open.has(item) ? unfinished : 'completed'));
    return {
      ...UNSAID,
      id,
      object: 'response',
      background: isBackground,
      created_at: createdAt,
      status,
      model,
      output,
      previous_response_id: previousId,
      conversation: conversation === null ? null : { id: conversation },
      store: isStored,
      usage: toUsage(usage),
      ...more,
    };
  }

  #numbered(events: readonly ItemEvent[]): readonly ItemEvent[] {
    return events.map((event) => ({ ...event, sequence_number: this.#number++ }));
  }
}

/** Members that clients expect and that callers cannot set. */
const UNSAID = {
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
