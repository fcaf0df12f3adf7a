// A call that the server ran itself. Clients show an `mcp_call`; a `function_call` they would run.
import { itemId } from './ids.ts';
import type { EndStatus, ItemEvent, ItemPlace, ItemStatus, OutputItem } from './items.ts';

export interface ServerCall {
  readonly callId: string;
  readonly name: string;
  /** The agent, as the server of the tool. */
  readonly server: string;
}

type Outcome = { readonly output: string } | { readonly error: object };

/** The error of a tool, in the words that the model got. */
export function executionError(text: string): object {
  return { type: 'mcp_tool_execution_error', content: [{ type: 'text', text }] };
}

export class McpCallItem implements OutputItem {
  readonly key: string;
  readonly #call: ServerCall;
  readonly #id: string;
  readonly #index: number;
  #arguments = '';
  #outcome: Outcome | null = null;

  constructor(call: ServerCall, { responseId, index }: ItemPlace) {
    this.key = call.callId;
    this.#call = call;
    this.#id = itemId('mcp', responseId, index);
    this.#index = index;
  }

  begin(): readonly ItemEvent[] {
    return [
      { type: 'response.output_item.added', output_index: this.#index, item: this.whole('in_progress') },
      { type: 'response.mcp_call.in_progress', ...this.#place },
    ];
  }

  add(fragment: string): ItemEvent {
    this.#arguments += fragment;
    return { type: 'response.mcp_call_arguments.delta', ...this.#place, delta: fragment };
  }

  /** What the tool returned, or why it did not. */
  took(outcome: Outcome): void {
    this.#outcome = outcome;
  }

  end(status: EndStatus): readonly ItemEvent[] {
    const type = this.#isDone ? 'response.mcp_call.completed' : 'response.mcp_call.failed';
    return [
      { type: 'response.mcp_call_arguments.done', ...this.#place, arguments: this.#arguments },
      { type, ...this.#place },
      { type: 'response.output_item.done', output_index: this.#index, item: this.whole(status) },
    ];
  }

  whole(status: ItemStatus): object {
    const { name, server } = this.#call;
    const end = this.#isDone ? 'completed' : 'failed';
    return {
      id: this.#id,
      type: 'mcp_call',
      status: status === 'completed' ? end : status,
      name,
      server_label: server,
      arguments: this.#arguments,
      output: null,
      error: null,
      ...this.#outcome,
    };
  }

  get #isDone(): boolean {
    return this.#outcome !== null && 'output' in this.#outcome;
  }

  get #place(): object {
    return { item_id: this.#id, output_index: this.#index };
  }
}
