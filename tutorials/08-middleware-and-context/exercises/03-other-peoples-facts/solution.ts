// Facts are kept by customer, and a run without a session has none.
import { contextProvider, type Middleware, type RunCall, textOf } from '@turnstream/core';

export function customerMemory(): Middleware {
  const facts = new Map<unknown, readonly string[]>();
  return contextProvider({
    provide: (run) => {
      const customer = customerOf(run);
      const own = facts.get(customer) ?? [];
      return { messages: own.map((contents) => ({ role: 'user', contents })) };
    },
    learn: (run) => {
      const customer = customerOf(run);
      if (customer === undefined) return;
      const said = run.question.map(textOf).filter((text) => text.startsWith('My '));
      facts.set(customer, [...(facts.get(customer) ?? []), ...said]);
    },
  });
}

function customerOf({ session }: RunCall): unknown {
  return session?.state['customer'];
}
