// How many bytes an update makes the database write: the same for a long answer as for a short one.
import type { BackgroundToken } from '@turnstream/core';
import { expect, test } from 'vitest';
import type { Claim, RunStore } from '../../src/store/run-store.ts';
import { ada, claimed, type OpenRig, type StoreRig, token, update } from './fixtures.ts';

const LONG_CHARS = 400_000;
const UPDATES = 50;
/** SQLite rewrites a row when a number in it needs one more byte, which none of the next fifty does. */
const FIRST = 1_000;
/** Less than one extra copy of the long text. */
const SAME_BYTES = 200_000;

export function testsOfWrites(openRig: OpenRig): void {
  test('what an update writes does not depend on the length of the answer', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;
    const claim = await claimed(rig.store);
    await runs.record(claim, [update('Light ')], { ...token('r1'), sequenceNumber: FIRST });

    const early = await bytesOf(rig, () => recordMany(runs, claim, token('r1')));
    const long = incompressible(LONG_CHARS);
    await runs.record(claim, [update(long)], { ...token('r1'), sequenceNumber: FIRST });
    const late = await bytesOf(rig, () => recordMany(runs, claim, token('r1')));

    expect(late - early).toBeLessThan(SAME_BYTES);
    expect((await runs.get(claim.runId, ada))!.text).toBe(`Light ${'w'.repeat(UPDATES)}${long}${'w'.repeat(UPDATES)}`);
  });

  test('what an update writes does not depend on the size of tool results', async () => {
    await using rig = await openRig();
    const { runs } = rig.store;
    const [plain, talkative] = [await claimed(rig.store), await claimed(rig.store)];
    const rounds = [{ role: 'tool', contents: incompressible(LONG_CHARS) }] as const;
    const few = { ...token('r1'), sequenceNumber: FIRST };
    const many = { ...few, responseId: 'r2', rounds };
    await runs.record(plain, [update('w')], few);
    await runs.record(talkative, [update('w')], many);

    const early = await bytesOf(rig, () => recordMany(runs, plain, few));
    const late = await bytesOf(rig, () => recordMany(runs, talkative, many));

    expect(late - early).toBeLessThan(SAME_BYTES);
    expect((await runs.claim(talkative.runId))!.run.token).toEqual({ ...many, sequenceNumber: FIRST + UPDATES });
  });
}

async function recordMany(runs: RunStore, claim: Claim, at: BackgroundToken): Promise<void> {
  for (let number = 1; number <= UPDATES; number += 1)
    await runs.record(claim, [update('w')], { ...at, sequenceNumber: FIRST + number });
}

async function bytesOf(rig: StoreRig, work: () => Promise<void>): Promise<number> {
  const before = await rig.writtenBytes!();
  await work();
  return (await rig.writtenBytes!()) - before;
}

/** Random, so that no database can compress it. */
function incompressible(chars: number): string {
  return Array.from({ length: Math.ceil(chars / 36) }, () => crypto.randomUUID())
    .join('')
    .slice(0, chars);
}
