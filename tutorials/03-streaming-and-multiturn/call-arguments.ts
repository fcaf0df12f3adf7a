// Arguments of tool calls arrive in fragments. The call id tells which call a fragment belongs to, never its position.
import type { AgentResponseUpdate } from '@turnstream/core';

export class CallArguments {
  /** Every fragment in arrival order, as one would join text. */
  asTheyCame = '';
  /** The joined fragments of each call, by call id. */
  readonly byCall = new Map<string, string>();

  add({ contents }: AgentResponseUpdate): void {
    for (const content of contents) {
      if (content.type !== 'function_call') continue;
      this.asTheyCame += content.arguments;
      this.byCall.set(content.callId, (this.byCall.get(content.callId) ?? '') + content.arguments);
    }
  }
}
