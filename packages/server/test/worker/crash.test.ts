// A worker that is killed at any moment loses nothing, and costs a second model call at one moment only.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { background, reply, serveModel } from '@turnstream/testkit';
import { describe, expect, test } from 'vitest';
import { isTerminal } from '../../src/events/wire.ts';
import { backEnds } from '../back-ends.ts';
import { ask, deliver, eventsOf, historyOf, joined, letters, posts, text } from './rig.ts';

const child = new URL('crash-child.ts', import.meta.url).pathname;

describe.each(backEnds)('$name', ({ isThere, tags, open }) => {
  test.skipIf(!isThere).each([
    ['after claim', 1],
    ['before record', 2],
    ['after record', 1],
    ['after record 3', 1],
    ['before finish', 1],
    ['after finish', 1],
  ])(
    'killed %s, the run is finished by the next worker, with %i model calls in all',
    { tags },
    async (moment, calls) => {
      const steps = Array.from({ length: calls }, () => background(reply(letters), { looks: [] }));
      await using model = await serveModel(...steps);
      await using rig = await open();
      const run = await ask(rig.store);

      const args = [child, rig.address, model.baseURL, run.runId, moment];
      const [, signal] = await once(spawn(process.execPath, args, { stdio: 'inherit' }), 'exit');
      const store = await rig.reopen();
      await deliver(store, model, run);

      const events = await eventsOf(store, run);
      expect(signal).toBe('SIGKILL');
      expect([joined(events), events.filter(isTerminal).length]).toEqual([text, 1]);
      expect(await historyOf(store, run)).toHaveLength(2);
      expect(posts(model)).toBe(calls);
    },
  );
});
