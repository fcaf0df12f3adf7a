// Tool calls of an answer: passed on in fragments as they arrive, and completed when the provider sends the whole call.
import type { LanguageModelV4StreamPart, LanguageModelV4ToolCall } from '@ai-sdk/provider';
import { AgentError, type FunctionCallContent } from '@turnstream/core';
import { kept } from '../opaque.ts';

type Start = Extract<LanguageModelV4StreamPart, { type: 'tool-input-start' }>;
type Delta = Extract<LanguageModelV4StreamPart, { type: 'tool-input-delta' }>;

interface OpenCall {
  readonly name: string;
  /** The arguments come as JSON text, and the caller runs the tool. */
  readonly isForCaller: boolean;
  args: string;
}

export class ProviderCalls {
  readonly #calls = new Map<string, OpenCall>();

  /** Null for a call that the provider runs, or whose arguments are not JSON. */
  start({ id, toolName, providerExecuted, inputEncoding }: Start): FunctionCallContent | null {
    const isForCaller = providerExecuted !== true && inputEncoding !== 'text';
    this.#calls.set(id, { name: toolName, isForCaller, args: '' });
    return isForCaller ? { type: 'function_call', callId: id, name: toolName, arguments: '' } : null;
  }

  /** Null for such a call, and when the fragment is empty. */
  add({ id, delta }: Delta): FunctionCallContent | null {
    const call = this.#calls.get(id);
    if (call === undefined || !call.isForCaller || delta === '') return null;
    call.args += delta;
    return { type: 'function_call', callId: id, name: call.name, arguments: delta };
  }

  /**
   * What is missing of the call, its metadata included. Throws `stream_malformed` when it says something else than its
   * fragments did: they are with the caller already.
   */
  complete({ toolCallId, toolName, input, providerMetadata }: LanguageModelV4ToolCall): FunctionCallContent {
    const streamed = this.#calls.get(toolCallId)?.args ?? '';
    this.#calls.set(toolCallId, { name: toolName, isForCaller: true, args: input });
    if (!input.startsWith(streamed) && !isSameJson(input, streamed)) {
      throw new AgentError('stream_malformed', 'A tool call ended in other arguments than it began with. Ask again.');
    }
    const rest = input.startsWith(streamed) ? input.slice(streamed.length) : '';
    return { type: 'function_call', callId: toolCallId, name: toolName, arguments: rest, ...kept(providerMetadata) };
  }
}

/** Providers may format the arguments again, with different white space. */
function isSameJson(left: string, right: string): boolean {
  try {
    return JSON.stringify(JSON.parse(left)) === JSON.stringify(JSON.parse(right));
  } catch {
    return false;
  }
}
