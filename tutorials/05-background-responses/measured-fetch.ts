// A fetch that knows how long its connections were open: from the request to the end of the answer's body.

export class MeasuredFetch {
  readonly #connections: Promise<number>[] = [];

  /** All connections together, in milliseconds, once the last one is closed. */
  async openMs(): Promise<number> {
    const times = await Promise.all(this.#connections);
    return times.reduce((sum, ms) => sum + ms, 0);
  }

  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    const startedAt = performance.now();
    const { promise, resolve } = Promise.withResolvers<number>();
    const close = (): void => resolve(performance.now() - startedAt);
    this.#connections.push(promise);
    const response = await globalThis.fetch(input, init).catch((error: unknown) => {
      close();
      throw error;
    });
    if (response.body === null) {
      close();
      return response;
    }
    const body = response.body.pipeThrough(new TransformStream({ flush: close, cancel: close }));
    return new Response(body, response);
  };
}
