// Several server processes on one store, as their parent holds them.
import { streamChat } from '../src/client/index.ts';
import { type ForkedServer, forkServer } from './fork-server.ts';
import type { Place } from './place.ts';

export class Processes implements AsyncDisposable {
  readonly #servers: readonly ForkedServer[];

  private constructor(servers: readonly ForkedServer[]) {
    this.#servers = servers;
  }

  static async start(count: number, modelURL: string, place: Place): Promise<Processes> {
    return new Processes(await Promise.all(Array.from({ length: count }, () => forkServer(modelURL, place))));
  }

  /** Of each, in milliseconds since it began. */
  cpuMs(): Promise<readonly number[]> {
    return Promise.all(this.#servers.map((server) => server.cpuMs()));
  }

  /** Clients that ask one chat after another, each as a user of its own. How many chats were answered. */
  async chat({ clients, forMs }: { readonly clients: number; readonly forMs: number }): Promise<number> {
    const until = performance.now() + forMs;
    let chats = 0;
    const ask = async (number: number): Promise<void> => {
      const { url, token } = this.#serverOf(number);
      while (performance.now() < until) {
        await Array.fromAsync(streamChat({ url, token: `${token}.${number}`, message: 'Go' }));
        chats += 1;
      }
    };
    await Promise.all(Array.from({ length: clients }, (_, number) => ask(number)));
    return chats;
  }

  /** Clients are spread evenly. */
  #serverOf(client: number): ForkedServer {
    const server = this.#servers[client % this.#servers.length];
    if (server === undefined) throw new Error('There is no server.');
    return server;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#servers.map((server) => server[Symbol.asyncDispose]()));
  }
}
