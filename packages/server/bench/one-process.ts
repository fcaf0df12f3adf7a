// What streams cost the process that holds them: memory for each one that is open, and CPU for each event.
import { setTimeout as sleep } from 'node:timers/promises';
import { streamChat } from '../src/client/index.ts';
import { slope } from './figures.ts';
import { type ForkedServer, forkServer, type Memory } from './fork-server.ts';
import { openPlace } from './place.ts';
import { startTimedModel } from './timed-model.ts';

const OPEN: readonly number[] = [0, 100, 200, 300, 400];
const FIRST_STREAMS = 100;
const PACED = { streams: 50, everyMs: 100, forMs: 10_000 };
/** Longer than anything here takes. */
const ENDLESS = 1_000_000;

export interface StreamCosts {
  /** Of a process without streams. */
  readonly atRest: Memory;
  /** For one more open stream. */
  readonly perStream: Memory;
  readonly cpuMsPerEvent: number;
}

export async function measureStreams(): Promise<StreamCosts> {
  const points = await memoryByStreams();
  const bytes = (what: keyof Memory) => points.map(({ streams, memory }) => ({ x: streams, y: memory[what] }));
  const [liveBytes, residentBytes] = [bytes('liveBytes'), bytes('residentBytes')];
  return {
    atRest: { liveBytes: liveBytes[0]?.y ?? Number.NaN, residentBytes: residentBytes[0]?.y ?? Number.NaN },
    perStream: { liveBytes: slope(liveBytes), residentBytes: slope(residentBytes) },
    cpuMsPerEvent: await cpuPerEvent(),
  };
}

async function memoryByStreams(): Promise<{ streams: number; memory: Memory }[]> {
  await using model = await startTimedModel({ words: ENDLESS, everyMs: 2_000 });
  await using place = await openPlace('sqlite');
  await using served = await forkServer(model.baseURL, place);
  await using readers = new Readers(served);
  // What is compiled and cached with the first streams is not counted.
  await readers.add(FIRST_STREAMS);
  await readers.leave();
  await sleep(1_000);
  const points = [];
  for (const streams of OPEN) {
    await readers.add(streams - readers.count);
    await sleep(1_000);
    points.push({ streams, memory: await served.memory() });
  }
  return points;
}

async function cpuPerEvent(): Promise<number> {
  await using model = await startTimedModel({ words: ENDLESS, everyMs: PACED.everyMs });
  await using place = await openPlace('sqlite');
  await using served = await forkServer(model.baseURL, place);
  await using readers = new Readers(served);
  await readers.add(PACED.streams);
  await sleep(3_000);
  const [cpuMs, events] = [await served.cpuMs(), readers.events];
  await sleep(PACED.forMs);
  return ((await served.cpuMs()) - cpuMs) / (readers.events - events);
}

/** Clients that read one stream each. */
class Readers implements AsyncDisposable {
  events = 0;
  readonly #served: ForkedServer;
  #leaving = new AbortController();
  #reading: Promise<void>[] = [];

  constructor(served: ForkedServer) {
    this.#served = served;
  }

  get count(): number {
    return this.#reading.length;
  }

  /** Resolves when each of them has read a word. */
  async add(count: number): Promise<void> {
    for (let number = 0; number < count; number += 1) {
      const { promise: begun, resolve } = Promise.withResolvers<void>();
      this.#reading.push(this.#read(resolve));
      await begun;
    }
  }

  async leave(): Promise<void> {
    this.#leaving.abort();
    await Promise.all(this.#reading);
    this.#leaving = new AbortController();
    this.#reading = [];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.leave();
  }

  async #read(begun: () => void): Promise<void> {
    const { signal } = this.#leaving;
    try {
      for await (const { type } of streamChat({ ...this.#served, message: 'Go', signal })) {
        if (type !== 'update') continue;
        this.events += 1;
        begun();
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}
