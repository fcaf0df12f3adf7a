import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { historyContract, sessionStoreContract } from '@turnstream/testkit/contracts';
import { FileHistory, FileSessions } from '../src/file.ts';
import { newFolder } from './folder.ts';
import { openHistoryModule } from './open-history.ts';

historyContract('file', async () => {
  const folder = await newFolder();
  const open = (): FileHistory => new FileHistory(folder.path, { onTornTail: () => {} });
  return {
    history: open(),
    reopen: open,
    async spoil(sessionId) {
      const file = join(folder.path, `id-${sessionId}.jsonl`);
      const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
      await writeFile(file, `${[...lines.slice(0, -1), 'spoiled'].join('\n')}\n`);
    },
    otherProcess: { module: openHistoryModule, argument: `file ${folder.path}`, kills: 100 },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
});

sessionStoreContract('file', async () => {
  const folder = await newFolder();
  return {
    sessions: new FileSessions(folder.path),
    reopen: () => new FileSessions(folder.path),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
});
