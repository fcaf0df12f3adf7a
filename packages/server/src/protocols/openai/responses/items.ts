// The items of a response, and the events of each: added, delta, done.

import { itemId } from './ids.ts';

/** An event without its number. */
export type ItemEvent = { readonly type: string } & Readonly<Record<string, unknown>>;

/** `incomplete`: the response ended before the item did. */
export type EndStatus = 'completed' | 'incomplete';
export type ItemStatus = EndStatus | 'in_progress';

export interface OutputItem {
  /** Kind of the item. Content with another key starts a new item. */
  readonly key: string;
  add(fragment: string): ItemEvent;
  begin(): readonly ItemEvent[];
  end(status: EndStatus): readonly ItemEvent[];
  /** As it appears in the response's output. */
  whole(status: ItemStatus): object;
}

/** Where an item belongs. */
export interface ItemPlace {
  readonly responseId: string;
  readonly index: number;
}

/** A message of one part: text, or a refusal. */
export class MessageItem implements OutputItem {
  readonly key: string;
  readonly #kind: 'output_text' | 'refusal';
  readonly #id: string;
  readonly #index: number;
  #text = '';

  constructor(kind: 'output_text' | 'refusal', { responseId, index }: ItemPlace) {
    this.key = kind;
    this.#kind = kind;
    this.#id = itemId('msg', responseId, index);
    this.#index = index;
  }

  begin(): readonly ItemEvent[] {
    return [
      { type: 'response.output_item.added', output_index: this.#index, item: this.#item('in_progress', []) },
      { type: 'response.content_part.added', ...this.#place, part: this.#part },
    ];
  }

  add(fragment: string): ItemEvent {
    this.#text += fragment;
    return { type: `response.${this.#kind}.delta`, ...this.#place, delta: fragment, ...this.#extra };
  }

  end(status: EndStatus): readonly ItemEvent[] {
    const text = this.#kind === 'refusal' ? { refusal: this.#text } : { text: this.#text };
    return [
      { type: `response.${this.#kind}.done`, ...this.#place, ...text, ...this.#extra },
      { type: 'response.content_part.done', ...this.#place, part: this.#part },
      { type: 'response.output_item.done', output_index: this.#index, item: this.whole(status) },
    ];
  }

  whole(status: ItemStatus): object {
    return this.#item(status, [this.#part]);
  }

  #item(status: string, content: readonly object[]): object {
    return { id: this.#id, type: 'message', status, role: 'assistant', content };
  }

  get #place(): object {
    return { item_id: this.#id, output_index: this.#index, content_index: 0 };
  }

  get #part(): object {
    if (this.#kind === 'refusal') return { type: 'refusal', refusal: this.#text };
    return { type: 'output_text', text: this.#text, annotations: [], logprobs: [] };
  }

  get #extra(): object {
    return this.#kind === 'refusal' ? {} : { logprobs: [] };
  }
}

/** Reasoning, as a summary of one part. */
export class ReasoningItem implements OutputItem {
  readonly key: string;
  readonly #id: string;
  readonly #index: number;
  #text = '';

  constructor(key: string, { responseId, index }: ItemPlace) {
    this.key = key;
    this.#id = itemId('rs', responseId, index);
    this.#index = index;
  }

  begin(): readonly ItemEvent[] {
    const item = { id: this.#id, type: 'reasoning', summary: [] };
    return [
      { type: 'response.output_item.added', output_index: this.#index, item },
      { type: 'response.reasoning_summary_part.added', ...this.#place, part: this.#part },
    ];
  }

  add(fragment: string): ItemEvent {
    this.#text += fragment;
    return { type: 'response.reasoning_summary_text.delta', ...this.#place, delta: fragment };
  }

  end(): readonly ItemEvent[] {
    return [
      { type: 'response.reasoning_summary_text.done', ...this.#place, text: this.#text },
      { type: 'response.reasoning_summary_part.done', ...this.#place, part: this.#part },
      { type: 'response.output_item.done', output_index: this.#index, item: this.whole() },
    ];
  }

  whole(): object {
    return { id: this.#id, type: 'reasoning', summary: [this.#part] };
  }

  get #place(): object {
    return { item_id: this.#id, output_index: this.#index, summary_index: 0 };
  }

  get #part(): object {
    return { type: 'summary_text', text: this.#text };
  }
}

/** A call of a tool that the caller runs. */
export class CallItem implements OutputItem {
  readonly key: string;
  readonly #name: string;
  readonly #id: string;
  readonly #index: number;
  #arguments = '';

  constructor(callId: string, name: string, { responseId, index }: ItemPlace) {
    this.key = callId;
    this.#name = name;
    this.#id = itemId('fc', responseId, index);
    this.#index = index;
  }

  begin(): readonly ItemEvent[] {
    return [{ type: 'response.output_item.added', output_index: this.#index, item: this.whole('in_progress') }];
  }

  add(fragment: string): ItemEvent {
    this.#arguments += fragment;
    return { type: 'response.function_call_arguments.delta', ...this.#place, delta: fragment };
  }

  end(status: EndStatus): readonly ItemEvent[] {
    const whole = { name: this.#name, arguments: this.#arguments };
    return [
      { type: 'response.function_call_arguments.done', ...this.#place, ...whole },
      { type: 'response.output_item.done', output_index: this.#index, item: this.whole(status) },
    ];
  }

  whole(status: ItemStatus): object {
    const call = { call_id: this.key, name: this.#name, arguments: this.#arguments };
    return { id: this.#id, type: 'function_call', status, ...call };
  }

  get #place(): object {
    return { item_id: this.#id, output_index: this.#index };
  }
}
