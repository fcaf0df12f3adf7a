// Arguments of tool calls come in fragments. Which call a fragment belongs to says its call id, never its place.
import type { AgentResponseUpdate } from '@turnstream/core';

export class CallArguments {
  /** Every fragment behind the one before, as one would do with text. */
  asTheyCame = '';
  /** The fragments of each call by themselves. */
  readonly byCall = new Map<string, string>();

  add({ contents }: AgentResponseUpdate): void {
    for (const content of contents) {
      if (content.type !== 'function_call') continue;
      this.asTheyCame += content.arguments;
      this.byCall.set(content.callId, (this.byCall.get(content.callId) ?? '') + content.arguments);
    }
  }
}
