// The server's process, as its parent holds it.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface ForkedServer extends AsyncDisposable {
  readonly url: string;
  readonly token: string;
  /** Bytes of its heap that are alive. */
  liveBytes(): Promise<number>;
}

export async function forkServer(modelURL: string): Promise<ForkedServer> {
  const folder = mkdtempSync(join(tmpdir(), 'turnstream-bench-'));
  const file = join(folder, 'server.db');
  const child = fork(join(import.meta.dirname, 'served-process.ts'), [modelURL, file], { execArgv: ['--expose-gc'] });
  const [address] = (await once(child, 'message')) as [{ url: string; token: string }];
  return {
    ...address,
    async liveBytes() {
      child.send('live bytes');
      const [bytes] = (await once(child, 'message')) as [number];
      return bytes;
    },
    async [Symbol.asyncDispose]() {
      child.disconnect();
      await once(child, 'exit');
      rmSync(folder, { recursive: true });
    },
  };
}
