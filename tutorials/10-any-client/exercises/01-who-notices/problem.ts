// Predict: replace the four `undefined`. A proxy ends the answer cleanly after its first words.

export type Belief = 'an error' | 'a whole answer';

/** `for await (const event of streamChat(...))`, the client of this server. */
export const ours: Belief | undefined = undefined;

/** `for await (const chunk of await openai.chat.completions.create({ stream: true, ... }))` */
export const openaiLoop: Belief | undefined = undefined;

/** `await openai.chat.completions.stream(...).finalContent()`, the helper of the same package. */
export const openaiHelper: Belief | undefined = undefined;

/** `useChat` on a page, with the transport that it has by default. */
export const page: Belief | undefined = undefined;
