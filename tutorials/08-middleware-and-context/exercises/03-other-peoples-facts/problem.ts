// Fix: a memory that mixes up customers.
import { contextProvider, type Middleware, textOf } from '@turnstream/core';

export function customerMemory(): Middleware {
  const facts: string[] = [];
  return contextProvider({
    provide: () => ({ messages: facts.map((contents) => ({ role: 'user', contents })) }),
    learn: ({ question }) => {
      facts.push(...question.map(textOf).filter((text) => text.startsWith('My ')));
    },
  });
}
