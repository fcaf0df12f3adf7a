// Two server processes on one Postgres share a run; whichever dies, the run completes, once. The jobs of a process that
// died are free after ten seconds, the minimum of pg-boss.
import { expect, test } from 'vitest';
import { cancelRun, getRun, startRun } from '../../src/client/index.ts';
import { hasPostgres } from '../back-ends.ts';
import { wire } from './rig.ts';
import { expectSurvival, readRest, readSome, text, twoServers } from './two-servers.ts';

test.skipIf(!hasPostgres)(
  'a run of one process is polled, read from its middle and cancelled through the other',
  { tags: ['postgres'] },
  async () => {
    await using servers = await twoServers();
    const [first, second] = await Promise.all([servers.start(), servers.start()]);

    const { runId } = await startRun(first, { message: 'Count.' });
    await servers.say(5);
    const { lastEventId } = await readSome(first, runId);
    const polled = await getRun(second, runId);
    const rest = readRest(second, runId, lastEventId);
    await cancelRun(second, runId);

    expect(polled).toMatchObject({ state: 'in_progress', message: 'Count.' });
    expect(text.startsWith(`word0 word1 word2 word3 word4 ${await rest}`)).toBe(true);
    expect(await getRun(first, runId)).toMatchObject({ state: 'cancelled' });
    expect(wire(servers.model)).toContain('POST /resp_1/cancel');
  },
);

test.skipIf(!hasPostgres).each(['that works on it', 'that was asked for its events'] as const)(
  'the process %s is killed in the middle, and the other one has the whole answer, once',
  { tags: ['postgres'] },
  expectSurvival,
);
