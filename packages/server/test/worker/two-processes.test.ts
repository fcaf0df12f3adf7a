// Two server processes on one Postgres: whichever dies, the run is one and whole.
import { test } from 'vitest';
import { hasPostgres } from '../back-ends.ts';
import { expectSurvival } from './two-servers.ts';

// The jobs of a process that died are free after ten seconds, which is the least that pg-boss allows.
test.skipIf(!hasPostgres).each(['that works on it'] as const)(
  'the process %s is killed in the middle, and the other one has the whole answer, once',
  { tags: ['postgres'] },
  expectSurvival,
);
