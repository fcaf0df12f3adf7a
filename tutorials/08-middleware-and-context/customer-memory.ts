// What a shop knows about a customer, across all conversations.
import { type ContextProvider, textOf } from '@turnstream/core';

/** Remembers sentences that begin with "My", by the customer in the session's state. */
export class CustomerMemory implements ContextProvider {
  readonly #facts = new Map<string, string[]>();

  provide: NonNullable<ContextProvider['provide']> = ({ session }) => {
    const facts = this.#facts.get(String(session?.state['customer'])) ?? [];
    return { messages: facts.map((contents) => ({ role: 'user', contents })) };
  };

  learn: NonNullable<ContextProvider['learn']> = ({ question, session }) => {
    const customer = String(session?.state['customer']);
    const said =
      question
        .map(textOf)
        .join(' ')
        .match(/\bMy [^.!?]+[.!?]?/g) ?? [];
    this.#facts.set(customer, [...(this.#facts.get(customer) ?? []), ...said]);
  };
}
