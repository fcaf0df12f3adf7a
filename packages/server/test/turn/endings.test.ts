import { expect, test } from 'vitest';
import { Endings } from '../../src/turn/endings.ts';

test('what is under way ends with its reader or with the server, whichever comes first', () => {
  const [ann, bob, stopping] = [new AbortController(), new AbortController(), new AbortController()];
  const endings = new Endings(stopping.signal);
  using ofAnn = endings.with(ann.signal);
  using ofBob = endings.with(bob.signal);

  ann.abort('left');
  const between = ofBob.signal.aborted;
  stopping.abort('stopping');
  bob.abort('left');

  expect(between).toBe(false);
  expect([ofAnn.signal.reason, ofBob.signal.reason]).toEqual(['left', 'stopping']);
});

test('what begins when its reader is gone or the server stops is ended at once', () => {
  const [gone, stopping] = [AbortSignal.abort('left'), new AbortController()];
  const endings = new Endings(stopping.signal);

  using late = endings.with(gone);
  stopping.abort('stopping');
  using later = endings.with(new AbortController().signal);

  expect([late.signal.reason, later.signal.reason]).toEqual(['left', 'stopping']);
});

test('what has ended hears nothing any more', () => {
  const [gone, stopping] = [new AbortController(), new AbortController()];
  const ending = new Endings(stopping.signal).with(gone.signal);
  ending[Symbol.dispose]();

  gone.abort('left');
  stopping.abort('stopping');

  expect(ending.signal.aborted).toBe(false);
});
