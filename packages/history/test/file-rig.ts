// A file history for the contract suites, in a directory of its own.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HistoryRig } from '@turnstream/testkit/contracts';
import { FileHistory } from '../src/file.ts';
import { newFolder } from './folder.ts';
import { openHistoryModule } from './open-history.ts';

export async function fileRig(kills: number): Promise<HistoryRig> {
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
    otherProcess: { module: openHistoryModule, argument: `file ${folder.path}`, kills },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}
