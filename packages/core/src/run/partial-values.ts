// Partial values of a structured answer: its text so far, read as JSON.
import { COMMENTARY } from '../message/message.ts';
import type { AgentResponseUpdate } from '../message/update.ts';
import { PartialJson } from './partial-json.ts';

/** A value is read again once its text has grown by this fraction, so the work is linear in the text, not quadratic. */
const WORTH_READING = 1 / 256;

/** Reads the JSON in the last message of the answer, which is the one `value` of the response is parsed from. */
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
  /** How much of the text the last value covered. */
  #read = 0;
  #additions = 0;

  constructor(messageId: string | null) {
    this.#messageId = messageId;
  }

  /** A new message begins after a tool's results or with text under a different id. */
  isOver({ role, messageId, text }: AgentResponseUpdate): boolean {
    const hasOtherId = messageId !== null && this.#messageId !== null && messageId !== this.#messageId;
    return role === 'tool' || (hasOtherId && text !== '');
  }

  add({ contents, messageId, phase }: AgentResponseUpdate): void {
    this.#messageId ??= messageId;
    if (phase === COMMENTARY) return;
    for (const content of contents) if (content.type === 'text') this.#json.add(content.text);
  }

  finish(): void {
    this.#json.finish();
  }

  /** The value when enough of it is new, else undefined. */
  news(worthReading: number): unknown {
    const { readable, additions } = this.#json;
    if (additions === this.#additions || readable - this.#read < readable * worthReading) return undefined;
    this.#read = readable;
    this.#additions = additions;
    return this.#json.read();
  }
}
