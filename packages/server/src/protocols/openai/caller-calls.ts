// Sorts the fragments of all calls: those that the caller runs, and those of the agent's own tools, which the server runs.
import { type AgentResponse, type FunctionCallContent } from '@turnstream/core';
import { callsOf } from '@turnstream/core/seams';

/** The next piece of a call. */
export interface CallPiece {
  readonly runsAt: 'caller' | 'server';
  /** Its place among the calls, from 0. */
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
  readonly #showsOwn: boolean;
  readonly #calls = new Map<string, Call>();
  #count = 0;

  /** `names` are the caller's tools. Calls of the agent's own are passed over unless `showsOwn` is set. */
  constructor(names: ReadonlySet<string>, showsOwn = false) {
    this.#names = names;
    this.#showsOwn = showsOwn;
  }

  /** Null for a call that is passed over, and until the name has arrived. */
  take({ callId, name, arguments: fragment }: FunctionCallContent): CallPiece | null {
    const call = this.#calls.get(callId) ?? { name: '', held: '', index: null };
    this.#calls.set(callId, call);
    call.name ||= name;
    if (call.name === '') {
      call.held += fragment;
      return null;
    }
    const runsAt = this.#names.has(call.name) ? 'caller' : 'server';
    if (runsAt === 'server' && !this.#showsOwn) return null;
    const isFirst = call.index === null;
    call.index ??= this.#count++;
    const whole = isFirst ? call.held + fragment : fragment;
    return { runsAt, index: call.index, callId, name: call.name, isFirst, fragment: whole };
  }

  /** Forgets a call that has its result: a later call may have the same id. */
  end(callId: string): void {
    this.#calls.delete(callId);
  }
}

/** The caller's calls in a whole answer. */
export function callsForCaller(
  { messages }: Pick<AgentResponse, 'messages'>,
  names: ReadonlySet<string>,
): readonly FunctionCallContent[] {
  return messages.flatMap(callsOf).filter(({ name }) => names.has(name));
}
