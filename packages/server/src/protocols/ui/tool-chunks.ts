// Turns calls and results into chunks: the arguments as the model writes them, the parsed arguments, then the result.
import type { FunctionCallContent, FunctionResultContent, ToolProgressContent } from '@turnstream/core';
import type { AnsweredCall } from '../../store/approvals.ts';
import { jsonOr } from '../json.ts';

export type Chunk = { readonly type: string } & Readonly<Record<string, unknown>>;

interface Call {
  name: string;
  arguments: string;
  /** How much of the call the client has. */
  sent: 'nothing' | 'began' | 'whole';
}

export class ToolChunks {
  readonly #calls = new Map<string, Call>();

  constructor(answered: readonly AnsweredCall[]) {
    for (const { callId, name, arguments: args } of answered) {
      this.#calls.set(callId, { name, arguments: args, sent: 'whole' });
    }
  }

  /** A fragment of a call. One without a name is sent once it has one. */
  call({ callId, name, arguments: fragment }: FunctionCallContent): readonly Chunk[] {
    const call = this.#calls.get(callId) ?? { name: '', arguments: '', sent: 'nothing' };
    this.#calls.set(callId, call);
    call.name ||= name;
    call.arguments += fragment;
    if (call.name === '') return [];
    if (call.sent === 'began') return fragment === '' ? [] : [delta(callId, fragment)];
    call.sent = 'began';
    const start = { type: 'tool-input-start', toolCallId: callId, toolName: call.name };
    return call.arguments === '' ? [start] : [start, delta(callId, call.arguments)];
  }

  result({ callId, result, items, error }: FunctionResultContent): readonly Chunk[] {
    const input = this.#whole(callId);
    const call = this.#calls.get(callId);
    // A later call may have the same id.
    this.#calls.delete(callId);
    // A call that never got a name was not sent, and the client treats a result without its call as an error.
    if (call?.sent === 'nothing') return [];
    if (error === 'rejected') return [...input, { type: 'tool-output-denied', toolCallId: callId }];
    if (error !== undefined) return [...input, { type: 'tool-output-error', toolCallId: callId, errorText: result }];
    const output = items ?? jsonOr(result, result);
    return [...input, { type: 'tool-output-available', toolCallId: callId, output }];
  }

  /** An output that a later one replaces. */
  progress({ callId, progress }: ToolProgressContent): readonly Chunk[] {
    const report = { type: 'tool-output-available', toolCallId: callId, output: progress, preliminary: true };
    return [...this.#whole(callId), report];
  }

  approval(callId: string): readonly Chunk[] {
    return [{ type: 'tool-approval-request', approvalId: callId, toolCallId: callId }];
  }

  /** The arguments of the calls that got no result. */
  end(): readonly Chunk[] {
    return [...this.#calls.keys()].flatMap((callId) => this.#whole(callId));
  }

  #whole(callId: string): readonly Chunk[] {
    const call = this.#calls.get(callId);
    if (call?.sent !== 'began') return [];
    call.sent = 'whole';
    const whole = { toolCallId: callId, toolName: call.name, input: jsonOr(call.arguments, call.arguments) };
    return typeof whole.input === 'string'
      ? [{ type: 'tool-input-error', ...whole, errorText: 'The arguments of this call are not valid JSON.' }]
      : [{ type: 'tool-input-available', ...whole }];
  }
}

function delta(callId: string, inputTextDelta: string): Chunk {
  return { type: 'tool-input-delta', toolCallId: callId, inputTextDelta };
}
