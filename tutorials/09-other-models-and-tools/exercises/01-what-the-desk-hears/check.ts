import { exercise, predicted } from '@turnstream/learn/check';
import { callTool, reply } from '@turnstream/testkit';
import type * as Problem from './problem.ts';

const turn = (task: string) => [callTool('returns', JSON.stringify({ task })), reply('30 days.'), reply('30 days.')];
const script = [...turn('Can a mug be returned?'), ...turn('Can a used mug be returned?')];
/** The chat's call, the desk's, and the chat's again, twice. */
const DESK_AGAIN = 4;

export const check = exercise<typeof Problem>(async ({ load, model }) => {
  const { talk, withoutMemory, withMemory } = await load('talk', 'withoutMemory', 'withMemory');
  const forgetful = await model(...script);
  const attentive = await model(...script);

  await talk(forgetful.client, 'none');
  await talk(attentive.client, 'session');

  predicted({ withoutMemory }, { withoutMemory: forgetful.requests[DESK_AGAIN]?.texts.length });
  predicted({ withMemory }, { withMemory: attentive.requests[DESK_AGAIN]?.texts.length });
});
