// The body of a mocked response: an exchange played into a stream that is read as if it came through a socket.
import type { Exchange } from './exchange.ts';

export function mockedBody(exchange: Exchange): ReadableStream<Uint8Array> {
  let left = false;
  return new ReadableStream({
    start(controller) {
      // The headers of a mocked response leave with its first bytes, so none are sent first.
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
    },
  });
}
