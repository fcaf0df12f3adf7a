// Tools on Chat Completions, as small as the contract allows, with one switch for each way to break it.
import { type FunctionCallContent, type Message, textOf } from '@turnstream/core';
import { type ChatRequest, callsOf, resultsOf } from '@turnstream/core/seams';

/** Each one breaks one promise. */
export type ToolMutant =
  | 'drops tool calls'
  | 'drops text next to calls'
  | 'joins fragments by arrival'
  | 'joins fragments by place alone'
  | 'takes no arguments with the name'
  | 'leaves missing ids empty'
  | 'passes over late names'
  | 'completes the arguments'
  | 'offers no tools'
  | 'leaves the choice to the model'
  | 'forgets the text of calls'
  | 'sends results in reverse'
  | 'asks for no shape';

/** An entry of `tool_calls`. */
export interface WireCall {
  readonly index?: number;
  readonly id?: string;
  readonly function?: { readonly name?: string; readonly arguments?: string };
}

type Broken = string | null;

export function toolFields({ tools, toolChoice = 'auto', output }: ChatRequest, broken: Broken): object {
  const choice = typeof toolChoice === 'string' ? toolChoice : { type: 'function', function: toolChoice };
  const offered = {
    tools: tools?.map((tool) => ({ type: 'function', function: tool })),
    tool_choice: broken === 'leaves the choice to the model' ? 'auto' : choice,
  };
  return {
    ...(tools === undefined || broken === 'offers no tools' ? {} : offered),
    ...(output === undefined || broken === 'asks for no shape'
      ? {}
      : { response_format: { type: 'json_schema', json_schema: output } }),
  };
}

export function wireMessages(message: Message, broken: Broken): object[] {
  const calls = callsOf(message).map(({ callId, name, arguments: args }) => ({
    id: callId,
    type: 'function',
    function: { name, arguments: args },
  }));
  const results = resultsOf(message).map(({ callId, result }) => ({
    role: 'tool',
    tool_call_id: callId,
    content: result,
  }));
  if (results.length > 0) return broken === 'sends results in reverse' ? results.toReversed() : results;
  const isMute = calls.length > 0 && broken === 'forgets the text of calls';
  const content = isMute ? null : textOf(message);
  return [{ role: message.role, content, ...(calls.length === 0 ? {} : { tool_calls: calls }) }];
}

interface Slot {
  readonly index: number | undefined;
  readonly id: string | undefined;
  readonly callId: string;
}

export class CallSlots {
  readonly #slots: Slot[] = [];
  readonly #broken: Broken;

  constructor(broken: Broken) {
    this.#broken = broken;
  }

  take(entries: readonly WireCall[]): FunctionCallContent[] {
    if (this.#broken === 'drops tool calls') return [];
    return entries.map((entry) => {
      const { name = '', arguments: fragment = '' } = entry.function ?? {};
      const found = this.#find(entry);
      const slot = found ?? this.#open(entry);
      const isLate = found !== undefined && this.#broken === 'passes over late names';
      return {
        type: 'function_call',
        callId: slot.callId,
        name: isLate ? '' : name,
        arguments: this.#keep(fragment, name),
      };
    });
  }

  #find({ index, id }: WireCall): Slot | undefined {
    const last = this.#slots.at(-1);
    if (this.#broken === 'joins fragments by arrival') return id === undefined ? last : undefined;
    const there = index === undefined ? last : this.#slots.findLast((slot) => slot.index === index);
    if (this.#broken === 'joins fragments by place alone') return there;
    return id === undefined || there?.id === undefined || there.id === id ? there : undefined;
  }

  #open({ index, id }: WireCall): Slot {
    const missing = this.#broken === 'leaves missing ids empty' ? '' : `made_up_${this.#slots.length}`;
    const slot = { index, id, callId: id ?? missing };
    this.#slots.push(slot);
    return slot;
  }

  #keep(fragment: string, name: string): string {
    if (name !== '' && this.#broken === 'takes no arguments with the name') return '';
    return this.#broken === 'completes the arguments' && fragment.startsWith('{')
      ? fragment.replace(/[^}]$/, '$&"}')
      : fragment;
  }
}
