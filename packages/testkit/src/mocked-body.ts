// The body of a mocked response: an exchange played into a stream that is read as if it came through a socket.
import type { Exchange } from './exchange.ts';

export function mockedBody(exchange: Exchange): ReadableStream<Uint8Array> {
  let left = false;
  let wanted = Promise.withResolvers<void>();
  let written = Promise.resolve(true);

  function start(controller: ReadableStreamDefaultController<Uint8Array>): void {
    const enqueue = async (bytes: Uint8Array): Promise<boolean> => {
      // Handed over only when asked for: an error would throw away what still waits in the stream.
      await wanted.promise;
      if (left) return false;
      wanted = Promise.withResolvers();
      controller.enqueue(bytes);
      return true;
    };
    // The headers of a mocked response leave with its first bytes, so none are sent first.
    written = enqueue(new Uint8Array());
    void exchange.play({
      write(bytes) {
        if (left) exchange.wroteTooLate(bytes.length);
        written = written.then(() => enqueue(bytes));
        return written;
      },
      end: () => void written.then(() => left || controller.close()),
      reset: () =>
        void written.then(() => left || controller.error(new Error('the scripted model reset the connection'))),
    });
  }

  function pull(): void {
    wanted.resolve();
  }

  function cancel(): void {
    left = true;
    wanted.resolve();
  }

  return new ReadableStream({ start, pull, cancel }, { highWaterMark: 0 });
}
