// Turns calls and results into events: the arguments as the model writes them, then the result.
// https://docs.ag-ui.com/spec/1.0/events/tool-calls
import type { FunctionCallContent, ToolProgressContent } from '@turnstream/core';

export type AguiEvent = { readonly type: string } & Readonly<Record<string, unknown>>;

interface Call {
  name: string;
  /** Arguments that arrived before the name. */
  held: string;
  sent: 'ended' | 'nothing' | 'started';
}

const CUT_SHORT = 'Error: The model was stopped before it had finished this call.';

export class CallEvents {
  /** Those without a result. */
  readonly #calls = new Map<string, Call>();

  /** A fragment of a call. One without a name is sent once it has one. */
  call({ callId, name, arguments: fragment }: FunctionCallContent, parentMessageId: string): readonly AguiEvent[] {
    const call = this.#calls.get(callId) ?? { name: '', held: '', sent: 'nothing' };
    this.#calls.set(callId, call);
    call.name ||= name;
    if (call.name === '') {
      call.held += fragment;
      return [];
    }
    if (call.sent !== 'nothing') return args(callId, fragment);
    call.sent = 'started';
    const start = { type: 'TOOL_CALL_START', toolCallId: callId, toolCallName: call.name, parentMessageId };
    return [start, ...args(callId, call.held + fragment)];
  }

  result(callId: string, content: unknown): readonly AguiEvent[] {
    const ended = this.#endAll();
    const call = this.#calls.get(callId);
    // A later call may have the same id.
    this.#calls.delete(callId);
    // A call that never got a name was not sent, and a result without its call would block the thread.
    if (call?.sent === 'nothing') return ended;
    return [
      ...ended,
      { type: 'TOOL_CALL_RESULT', messageId: crypto.randomUUID(), toolCallId: callId, content, role: 'tool' },
    ];
  }

  /** A report that a later one of the same call replaces. */
  progress({ callId, progress }: ToolProgressContent): readonly AguiEvent[] {
    const report = {
      type: 'ACTIVITY_SNAPSHOT',
      messageId: `progress-${callId}`,
      activityType: 'tool_progress',
      content: { toolCallId: callId, progress },
    };
    return [...this.#endAll(), report];
  }

  /** Clients run calls that have no result. So that they run none that was cut short, it gets one in a stopped answer. */
  end(isWhole: boolean): readonly AguiEvent[] {
    const ended = this.#endAll();
    return isWhole ? ended : [...ended, ...this.waiting.flatMap((callId) => this.result(callId, CUT_SHORT))];
  }

  /** The calls that have no result. */
  get waiting(): readonly string[] {
    return [...this.#calls].flatMap(([callId, { sent }]) => (sent === 'nothing' ? [] : callId));
  }

  #endAll(): readonly AguiEvent[] {
    return [...this.#calls].flatMap(([toolCallId, call]) => {
      if (call.sent !== 'started') return [];
      call.sent = 'ended';
      return [{ type: 'TOOL_CALL_END', toolCallId }];
    });
  }
}

function args(toolCallId: string, delta: string): readonly AguiEvent[] {
  return delta === '' ? [] : [{ type: 'TOOL_CALL_ARGS', toolCallId, delta }];
}
