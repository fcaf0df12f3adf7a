import { historyContract, sessionStoreContract } from '@turnstream/testkit/contracts';
import { FileSessions } from '../src/file.ts';
import { fileRig } from './file-rig.ts';
import { newFolder } from './folder.ts';

historyContract('file', () => fileRig(2));

sessionStoreContract('file', async () => {
  const folder = await newFolder();
  return {
    sessions: new FileSessions(folder.path),
    reopen: () => new FileSessions(folder.path),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
});
