// What happened: a loop cannot see that an end mark is missing; who knows the protocol can, and not all look.

export type Belief = 'an error' | 'a whole answer';

/** `for await (const event of streamChat(...))`, the client of this server. */
export const ours: Belief | undefined = 'an error';

/** `for await (const chunk of await openai.chat.completions.create({ stream: true, ... }))` */
export const openaiLoop: Belief | undefined = 'a whole answer';

/** `await openai.chat.completions.stream(...).finalContent()`, the helper of the same package. */
export const openaiHelper: Belief | undefined = 'an error';

/** `useChat` on a page, with the transport that it has by default. */
export const page: Belief | undefined = 'a whole answer';
