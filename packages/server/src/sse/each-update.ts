// Reads an answer for somebody who sends it on.
import type { AgentResponseUpdate, ResponseStream } from '@turnstream/core';

type Updates = Pick<ResponseStream<unknown>, 'cancel' | typeof Symbol.asyncIterator>;

/** Resolves when the reader has room for more; undefined when it has. */
export type Room = Promise<void> | undefined;

/**
 * Hands over each update, the next one when there is room for it. An update that is here already costs no promise.
 * Rejects with what the stream or `take` throws, and closes the stream.
 */
export async function eachUpdate(stream: Updates, take: (update: AgentResponseUpdate) => Room): Promise<void> {
  const updates = stream[Symbol.asyncIterator]();
  try {
    for (;;) {
      let update = updates.takeReady?.() ?? null;
      if (update === null) {
        const pull = await updates.next();
        if (pull.done === true) return;
        update = pull.value;
      }
      const room = take(update);
      if (room !== undefined) await room;
    }
  } finally {
    await stream.cancel();
  }
}
