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
    // Called for every update: nothing is allocated unless an id changes.
    for (const content of update.contents)
      if (isCall(content) && this.#idOf(content) !== content.callId) return this.#renamed(update);
    return update;
  }

  #renamed(update: ChatUpdate): ChatUpdate {
    const contents = update.contents.map((content) =>
      isCall(content) ? { ...content, callId: this.#idOf(content) } : content,
    );
    return { ...update, contents };
  }

  #idOf({ callId }: FunctionCallContent): string {
    return this.#ids.get(callId) ?? this.#free(callId);
  }

  #free(callId: string): string {
    this.#taken ??= idsIn(this.#before);
    let free = callId;
    for (let count = 2; this.#taken.has(free); count += 1) free = `${callId}_${count}`;
    this.#taken.add(free);
    this.#ids.set(callId, free);
    return free;
  }
}

function idsIn(messages: readonly Message[]): Set<string> {
  const ids = new Set<string>();
  for (const message of messages) for (const { callId } of callsOf(message)) ids.add(callId);
  return ids;
}

function isCall(content: Content): content is FunctionCallContent {
  return content.type === 'function_call';
}
