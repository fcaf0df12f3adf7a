// What a run did with its tools, a line for each call: from the messages of a whole answer, or from updates as they come.
import type { Content, FunctionCallContent } from '@turnstream/core';
import { visible } from './visible-text.ts';

type NotedCall = Pick<FunctionCallContent, 'name' | 'arguments'>;

export class ToolLog {
  readonly #calls = new Map<string, NotedCall>();

  /** A line for each result among the contents: what was called, with what, and what came back. */
  add(contents: readonly Content[]): string[] {
    const lines: string[] = [];
    for (const content of contents) {
      if (content.type === 'function_call') this.#note(content);
      if (content.type === 'function_result') lines.push(visible(this.#called(content.callId) + content.result));
    }
    return lines;
  }

  /** Fragments belong together by their call id. What came last says nothing: parallel calls take turns. */
  #note({ callId, name, arguments: fragment }: FunctionCallContent): void {
    const noted = this.#calls.get(callId) ?? { name: '', arguments: '' };
    this.#calls.set(callId, { name: noted.name || name, arguments: noted.arguments + fragment });
  }

  /** The call of a result may have been in an earlier run: one that waited for consent. */
  #called(callId: string): string {
    const call = this.#calls.get(callId);
    return call === undefined ? '-> ' : `${call.name}(${call.arguments}) -> `;
  }
}
