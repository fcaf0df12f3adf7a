// What a request says: a list in the words of an API, made of messages, and a body around it.
import type { Message } from '@turnstream/core';

export interface Conversation {
  readonly messages: readonly Message[];
  /** What `encode` depends on besides the messages: two requests of one form encode the same message alike. */
  readonly form: string;
  /** Turns do not depend on each other: before a question the messages can be parted, and the parts encoded one by one. */
  readonly encode: (messages: readonly Message[]) => readonly object[];
  readonly bodyWith: (list: readonly unknown[]) => object;
}
