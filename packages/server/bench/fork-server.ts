// The server's process, as its parent holds it.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Place } from './place.ts';
import { SERVED } from './postgres-counts.ts';

export interface Memory {
  /** What is alive of its heap. */
  readonly liveBytes: number;
  /** What it has of the machine's memory. */
  readonly residentBytes: number;
}

export interface ForkedServer extends AsyncDisposable {
  readonly url: string;
  readonly token: string;
  /** After a garbage collection. */
  memory(): Promise<Memory>;
  /** Milliseconds of CPU, user and system, since it began. */
  cpuMs(): Promise<number>;
}

export async function forkServer(modelURL: string, { address }: Pick<Place, 'address'>): Promise<ForkedServer> {
  const child = fork(join(import.meta.dirname, 'served-process.ts'), [modelURL, address], {
    execArgv: ['--expose-gc'],
    env: { ...process.env, PGAPPNAME: SERVED },
  });
  const [served] = (await once(child, 'message')) as [{ url: string; token: string }];
  return {
    ...served,
    memory: () => asked(child, 'memory'),
    cpuMs: () => asked(child, 'cpu'),
    async [Symbol.asyncDispose]() {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

async function asked<T>(child: ChildProcess, what: string): Promise<T> {
  child.send(what);
  const [answer] = (await once(child, 'message')) as [T];
  return answer;
}
