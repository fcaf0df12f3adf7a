// A fetch that measures how long its connections are open: from the request to the end of the response body.

export class MeasuredFetch {
  readonly #connections: Promise<number>[] = [];

  /** The total of all connections in milliseconds, once the last one is closed. */
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
