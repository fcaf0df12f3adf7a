// The input limits of a route are its own, whatever protocol it speaks.
import { reply } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { openFor, type Spoken, spoken } from './spoken.ts';

const whole: Readonly<Record<string, Spoken>> = {
  'a whole answer': { ...spoken['our own']!, path: '/chat' },
  'a task that is awaited': { ...spoken['A2A’s']!, path: '/message:send?A2A-Version=1.0' },
};

test.each(Object.entries({ ...spoken, ...whole }))(
  '%s: the limits are those set for its path',
  async (_name, protocol) => {
    const path = protocol.path.split('?')[0]!;
    const input = { [path]: { maxMessageChars: 5, maxBodyBytes: 1_000 } };
    await using rig = await openFor(protocol, { input, steps: [reply('Hi.')] });

    const answers = [
      await rig.post(protocol.path, protocol.ask('Hello')),
      await rig.post(protocol.path, protocol.ask('Hello!')),
      await rig.post(protocol.path, protocol.ask('x'.repeat(1_000))),
    ];

    expect(answers.map(({ status }) => status)).toEqual([200, 400, 413]);
    const refusals = await Promise.all(answers.slice(1).map(async (answer) => protocol.refusalOf(await answer.text())));
    expect(refusals).toEqual([
      expect.stringContaining('at most 5 characters'),
      'The body is larger than this route allows: 1000 bytes.',
    ]);
    expect(rig.model.requests.map(({ texts }) => texts)).toEqual([['Hello']]);
  },
);
