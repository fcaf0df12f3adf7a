// The body of a response of this process: an exchange written into a stream that reads like a socket.
import type { Exchange } from './exchange.ts';

export function streamedBody(exchange: Exchange): ReadableStream<Uint8Array> {
  let left = false;
  return new ReadableStream({
    start(controller) {
      // Such a response sends its headers with the first bytes, so there is nothing to send before them.
      controller.enqueue(new Uint8Array());
      void exchange.play({
        write(bytes) {
          if (left) exchange.wroteTooLate(bytes.length);
          else controller.enqueue(bytes);
          return Promise.resolve(!left);
        },
        end: () => left || controller.close(),
        reset: () => controller.error(new Error('the scripted model reset the connection')),
      });
    },
    cancel() {
      left = true;
      exchange.readerLeft();
    },
  });
}
