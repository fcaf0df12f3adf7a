import { equal, exercise, expected } from '@turnstream/learn/check';
import { callTool, type RecordedRequest, reply } from '@turnstream/testkit';
import type * as Problem from './problem.ts';

const NOON = (): Date => new Date('2026-01-15T12:00:00Z');

export const check = exercise<typeof Problem>(async ({ load, model }) => {
  const { ask } = await load('ask');
  const { client, requests } = await model(
    callTool('get_time', { city: 'Tokyo' }),
    reply('It is nine in the evening there.'),
    callTool('get_time', { city: 'Paris' }),
    callTool('get_time', { city: 'Lisbon' }),
    reply('We are not in Paris. In Lisbon it is noon.'),
  );

  const answer = await ask(client, 'What time is it in Tokyo?', NOON);
  await ask(client, 'What time is it in Paris?', NOON);

  const [tool] = requests[0]?.tools ?? [];
  const properties = JSON.stringify(tool?.parameters['properties'] ?? {});
  expected('the model to be offered an argument `city`', properties.includes('"city"'), `it was offered ${properties}`);
  expected('a description of the tool', tool?.description?.includes('TODO') === false, 'it still says TODO');
  const [, inTokyo, , inParis, inLisbon] = requests.map(lastResult);
  expected('the time in Tokyo to be 21:00', inTokyo?.includes('21:00') === true, `the model read ${inTokyo}`);
  equal('the answer', answer, 'It is nine in the evening there.');
  const isTime = inParis === undefined || /\d\d:\d\d/.test(inParis);
  expected('no time for Paris, where the shop is not', !isTime, `the model read ${inParis}`);
  const isHidden = inParis.includes('Function failed');
  expected('the model to read what is wrong with Paris', !isHidden, `it read "${inParis}"`);
  expected('the time in Lisbon to be 12:00', inLisbon?.includes('12:00') === true, `the model read ${inLisbon}`);
});

function lastResult({ messages }: RecordedRequest): string | undefined {
  return messages.findLast(({ role }) => role === 'tool')?.text;
}
