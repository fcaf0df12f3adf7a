// The server's process, as its parent holds it.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Place } from './place.ts';

export interface ForkedServer extends AsyncDisposable {
  readonly url: string;
  readonly token: string;
  /** Bytes of its heap that are alive. */
  liveBytes(): Promise<number>;
}

export async function forkServer(modelURL: string, { address }: Pick<Place, 'address'>): Promise<ForkedServer> {
  const child = fork(join(import.meta.dirname, 'served-process.ts'), [modelURL, address], {
    execArgv: ['--expose-gc'],
  });
  const [served] = (await once(child, 'message')) as [{ url: string; token: string }];
  return {
    ...served,
    async liveBytes() {
      child.send('live bytes');
      const [bytes] = (await once(child, 'message')) as [number];
      return bytes;
    },
    async [Symbol.asyncDispose]() {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}
