// Gives each call of a conversation an id of its own. Some services repeat their ids in every answer, and a client that
// matches calls and results by id would take two calls for one.
import { type Content, callsOf, type FunctionCallContent, type Message } from '../message/message.ts';
import type { ChatUpdate } from '../model/update.ts';

export class DistinctCalls {
  readonly #before: readonly Message[];
  /** Ids of earlier calls, and those given here. Null until the model calls a tool. */
  #taken: Set<string> | null = null;
  /** The ids of this answer's calls, by those of the service. */
  readonly #ids = new Map<string, string>();

  /** For one answer, which follows these messages. */
  constructor(before: readonly Message[]) {
    this.#before = before;
  }

  /** The same update if no id in it has to change. */
  take(update: ChatUpdate): ChatUpdate {
    if (!update.contents.some(isCall)) return update;
    const contents = update.contents.map((content) => (isCall(content) ? this.#distinct(content) : content));
    return contents.every((content, index) => content === update.contents[index]) ? update : { ...update, contents };
  }

  #distinct(call: FunctionCallContent): FunctionCallContent {
    const callId = this.#ids.get(call.callId) ?? this.#free(call.callId);
    return callId === call.callId ? call : { ...call, callId };
  }

  #free(callId: string): string {
    this.#taken ??= new Set(this.#before.flatMap(callsOf).map((call) => call.callId));
    let free = callId;
    for (let count = 2; this.#taken.has(free); count += 1) free = `${callId}_${count}`;
    this.#taken.add(free);
    this.#ids.set(callId, free);
    return free;
  }
}

function isCall(content: Content): content is FunctionCallContent {
  return content.type === 'function_call';
}
