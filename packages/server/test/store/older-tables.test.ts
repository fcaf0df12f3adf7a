// Tables created by an older version of this library can be read and are upgraded.
import { describe, expect, test } from 'vitest';
import { backEnds } from '../back-ends.ts';
import { ada, claimed, claimOf, completed, everything, parked, replace, token, update, yes } from './fixtures.ts';

/** Undoes what version 3 added. */
function toSecond({ table }: { table(name: string): string }): string {
  return `
    DROP TABLE ${table('approvals')};
    ALTER TABLE ${table('runs')} DROP COLUMN answers;
    ALTER TABLE ${table('runs')} DROP COLUMN asked_at_ms;
    ALTER TABLE ${table('runs')} DROP COLUMN answered_at_ms;
    ALTER TABLE ${table('runs')} RENAME COLUMN idle_attempts TO attempts;
    UPDATE ${table('server_version')} SET version = 2;
  `;
}

describe.each(backEnds)('$name', ({ isThere, tags, open }) => {
  test.skipIf(!isThere)('open runs of version 1 continue, and ended ones keep their text', { tags }, async () => {
    await using rig = await open();
    const { runs } = rig.store;
    const ended = await claimed(rig.store);
    await runs.finish(ended, completed());
    const going = await claimed(rig.store);
    await runs.record(going, [update('No'), replace(going), update('It is ')], { ...token('r1'), sequenceNumber: 7 });
    const before = await runs.get(ended.runId, ada);
    // The first version kept the number in the token, and the answer in the row.
    await rig.sql(`
      UPDATE ${rig.table('runs')} SET token = replace(token, '"sequenceNumber":null', '"sequenceNumber":7');
      ALTER TABLE ${rig.table('runs')} DROP COLUMN sequence_number;
      ALTER TABLE ${rig.table('runs')} RENAME COLUMN final_answer TO answer;
      UPDATE ${rig.table('runs')} SET answer = 'It is ' WHERE end_event IS NULL;
      ${toSecond(rig)}
      UPDATE ${rig.table('server_version')} SET version = 1;
    `);

    const { runs: opened } = await rig.reopen();

    expect(await opened.get(ended.runId, ada)).toEqual(before);
    expect(await opened.get(going.runId, ada)).toMatchObject({
      text: 'It is ',
      token: { ...token('r1'), sequenceNumber: 7 },
    });
    const claim = await claimOf({ ...rig.store, runs: opened }, going.runId);
    await opened.record(claim, [update('not ')], { ...token('r1'), sequenceNumber: 8 });
    expect(await opened.get(going.runId, ada)).toMatchObject({ token: { sequenceNumber: 8 } });
    await opened.finish(claim, completed());
    expect(await opened.get(going.runId, ada)).toMatchObject({ state: 'completed', text: 'It is not Rayleigh.' });
    expect(await opened.events(going.runId, everything)).toHaveLength(7);
  });

  test.skipIf(!isThere)('open runs of version 2 continue, and can ask for approval', { tags }, async () => {
    await using rig = await open();
    const going = await claimed(rig.store);
    await rig.store.runs.record(going, [update('It is ')], token('r1'));
    const before = await rig.store.runs.get(going.runId, ada);
    await rig.sql(toSecond(rig));

    const { runs } = await rig.reopen();

    expect(await runs.get(going.runId, ada)).toEqual(before);
    await runs.park(await claimOf({ ...rig.store, runs }, going.runId), parked());
    expect(await runs.answerRun(going.runId, ada, yes)).toMatchObject({ state: 'queued', text: 'It is ' });
  });
});
