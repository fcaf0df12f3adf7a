// A structured answer while it grows: its text as JSON, read as far as it has come.
import { COMMENTARY } from '../message/message.ts';
import type { AgentResponseUpdate } from '../message/update.ts';
import { PartialJson } from './partial-json.ts';

/** A value is read anew when its text has grown by this part of it. The work then grows with the text and not with its square. */
const WORTH_READING = 1 / 256;

/** Reads the JSON in the last message of the answer, as `value` of the response does. */
export async function* partialValues(
  updates: AsyncIterator<AgentResponseUpdate, undefined>,
): AsyncGenerator<unknown, undefined> {
  let answer = new Answer(null);
  for (let pull = await updates.next(); pull.done !== true; pull = await updates.next()) {
    const update = pull.value;
    if (answer.isOver(update)) answer = new Answer(update.messageId);
    answer.add(update);
    const value = answer.news(WORTH_READING);
    if (value !== undefined) yield value;
  }
  answer.finish();
  const value = answer.news(0);
  if (value !== undefined) yield value;
}

/** One message that may be the answer. */
class Answer {
  readonly #json = new PartialJson();
  #messageId: string | null;
  /** As far as the value was read. */
  #read = 0;
  #additions = 0;

  constructor(messageId: string | null) {
    this.#messageId = messageId;
  }

  /** After a tool's results, or under another id, another message begins. */
  isOver({ role, messageId }: AgentResponseUpdate): boolean {
    return role === 'tool' || (messageId !== null && this.#messageId !== null && messageId !== this.#messageId);
  }

  add({ contents, messageId, phase }: AgentResponseUpdate): void {
    this.#messageId ??= messageId;
    if (phase === COMMENTARY) return;
    for (const content of contents) if (content.type === 'text') this.#json.add(content.text);
  }

  finish(): void {
    this.#json.finish();
  }

  /** The value, when enough of it is new; undefined when not. */
  news(worthReading: number): unknown {
    const { readable, additions } = this.#json;
    if (additions === this.#additions || readable - this.#read < readable * worthReading) return undefined;
    this.#read = readable;
    this.#additions = additions;
    return this.#json.read();
  }
}
