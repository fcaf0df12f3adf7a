// What one more update of an answer makes the database write, straight at the store.
import type { BackgroundToken } from '@turnstream/core';
import { wordOf } from './background-model.ts';
import type { Place } from './place.ts';

const COUNTED = 200;

/** The mean over 200 updates of `chars` characters each, after `before` of them. */
export async function bytesPerUpdate(place: Place, before: number, chars: number): Promise<number> {
  await using opened = await place.open();
  const { runs } = opened.store;
  const asked = {
    sessionId: null,
    message: 'Go',
    callbackUrl: null,
    key: null,
    maxOpen: Number.MAX_SAFE_INTEGER,
    maxSessions: Number.MAX_SAFE_INTEGER,
  };
  const { run } = await runs.create({ owner: 'bench', ...asked });
  const taken = await runs.claim(run.runId);
  if (taken === null) throw new Error('The run is gone.');
  let from = 0;
  for (let number = 1; number <= before + COUNTED; number += 1) {
    if (number === before + 1) from = await opened.writtenBytes();
    await runs.record(taken.claim, [{ type: 'update', text: wordOf(chars) }], tokenAt(number));
  }
  return Math.round(((await opened.writtenBytes()) - from) / COUNTED);
}

function tokenAt(sequenceNumber: number): BackgroundToken {
  return {
    type: 'background_run',
    version: 1,
    runId: 'resp_1',
    responseId: 'resp_1',
    sequenceNumber,
    question: [{ role: 'user', contents: 'Go' }],
    rounds: [],
    usage: null,
    stream: true,
    sessionId: null,
    serviceSessionId: null,
  };
}
