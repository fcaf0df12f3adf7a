// One line for each tool call of a run: from the messages of a complete answer, or from updates as they arrive.
import type { Content, FunctionCallContent } from '@turnstream/core';
import { visible } from './visible-text.ts';

type NotedCall = Pick<FunctionCallContent, 'name' | 'arguments'>;

export class ToolLog {
  readonly #calls = new Map<string, NotedCall>();

  /** One line for each result in the contents: the call, its arguments and the result. */
  add(contents: readonly Content[]): string[] {
    const lines: string[] = [];
    for (const content of contents) {
      if (content.type === 'function_call') this.#note(content);
      if (content.type === 'function_result') lines.push(visible(this.#called(content.callId) + content.result));
    }
    return lines;
  }

  /** Joins fragments by call id, not by order: parallel calls are interleaved. */
  #note({ callId, name, arguments: fragment }: FunctionCallContent): void {
    const noted = this.#calls.get(callId) ?? { name: '', arguments: '' };
    this.#calls.set(callId, { name: noted.name || name, arguments: noted.arguments + fragment });
  }

  /** The call of a result may be in an earlier run, if it waited for approval. */
  #called(callId: string): string {
    const call = this.#calls.get(callId);
    return call === undefined ? '-> ' : `${call.name}(${call.arguments}) -> `;
  }
}
