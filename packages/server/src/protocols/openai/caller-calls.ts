// Filters the calls that the caller runs from the fragments of all calls. Calls of the agent's own tools stay at the server.
import { type AgentResponse, type FunctionCallContent } from '@turnstream/core';
import { callsOf } from '@turnstream/core/seams';

/** The next piece of one of the caller's calls. */
export interface CallPiece {
  /** Its place among the caller's calls, from 0. */
  readonly index: number;
  readonly callId: string;
  readonly name: string;
  readonly isFirst: boolean;
  readonly fragment: string;
}

interface Call {
  name: string;
  /** Arguments that arrived before the name. */
  held: string;
  index: number | null;
}

export class CallerCalls {
  readonly #names: ReadonlySet<string>;
  readonly #calls = new Map<string, Call>();
  #count = 0;

  constructor(names: ReadonlySet<string>) {
    this.#names = names;
  }

  /** Null for a call of the agent's own tools, and until the name has arrived. */
  take({ callId, name, arguments: fragment }: FunctionCallContent): CallPiece | null {
    const call = this.#calls.get(callId) ?? { name: '', held: '', index: null };
    this.#calls.set(callId, call);
    call.name ||= name;
    if (call.name === '') {
      call.held += fragment;
      return null;
    }
    if (!this.#names.has(call.name)) return null;
    const isFirst = call.index === null;
    call.index ??= this.#count++;
    return { index: call.index, callId, name: call.name, isFirst, fragment: isFirst ? call.held + fragment : fragment };
  }
}

/** The caller's calls in a whole answer. */
export function callsForCaller(
  { messages }: Pick<AgentResponse, 'messages'>,
  names: ReadonlySet<string>,
): readonly FunctionCallContent[] {
  return messages.flatMap(callsOf).filter(({ name }) => names.has(name));
}
