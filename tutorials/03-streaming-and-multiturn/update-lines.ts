// An update as readable lines: one for each content, none for an empty update.
import type { AgentResponseUpdate, Content } from '@turnstream/core';

export class UpdateLines {
  /** Call ids are long and random; the first call of a run is shown as call 1. */
  readonly #numbers = new Map<string, number>();

  of({ contents, finishReason }: AgentResponseUpdate): string[] {
    const lines = contents.map((content) => this.#lineOf(content));
    return finishReason === null ? lines : [...lines, `finish    ${finishReason}`];
  }

  #lineOf(content: Content): string {
    switch (content.type) {
      case 'text':
      case 'refusal':
      case 'text_reasoning':
        return `${content.type.padEnd(9)} ${JSON.stringify(content.text)}`;
      case 'function_call':
        return `call ${this.#numberOf(content.callId)}    ${content.name} ${content.arguments}`;
      case 'function_result':
        return `result ${this.#numberOf(content.callId)}  ${JSON.stringify(content.result)}`;
      case 'uri':
      case 'data':
      case 'hosted_file':
        return `${content.type.padEnd(9)} ${content.mediaType ?? 'file'}`;
      case 'service_item':
        return `item      ${content.name}`;
      case 'tool_progress':
        return `progress ${this.#numberOf(content.callId)} ${JSON.stringify(content.progress)}`;
      case 'approval_request':
      case 'approval_response':
        return `${content.type} ${this.#numberOf(content.callId)}`;
      default:
        return content satisfies never;
    }
  }

  #numberOf(callId: string): number {
    const number = this.#numbers.get(callId) ?? this.#numbers.size + 1;
    this.#numbers.set(callId, number);
    return number;
  }
}
