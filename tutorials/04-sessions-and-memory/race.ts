// Two processes ask in one conversation at the same time, on three stores. Both get an answer each time.
// Run: node race.ts
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reportErrors } from '@turnstream/config';
import { race } from './two-processes.ts';

reportErrors();
const questions = ['Remember the word teal.', 'Remember my name: call me Ada.'];

const folder = await mkdtemp(join(tmpdir(), 'race-'));
const results = await race(folder, questions);
await rm(folder, { recursive: true });

for (const [name, { stored, codes }] of results) {
  const lost = questions.length - stored.length;
  console.log(`${name}: 2 turns answered, ${stored.length} stored, ${lost} lost`);
  if (codes.length > 0) console.log(`   one process got ${codes.join(', ')} and retried`);
}
