// How Responses streams tool calls: as items of their own, whole or in fragments, with and without flaws.
import { expect, test } from 'vitest';
import { answer, callTool, reply } from '../../src/index.ts';
import { itemEvents, type Json, lima, oslo } from './call-tool-frames.ts';

function callItem(place: number, args: string, fields: Json = {}): Json {
  return {
    type: 'function_call',
    id: `fc_1_${place}`,
    call_id: `call_1_${place}`,
    name: 'get_weather',
    arguments: args,
    status: args === '' ? 'in_progress' : 'completed',
    ...fields,
  };
}

test('Responses streams a call as a separate item after the message', async () => {
  const { events, last } = await itemEvents(answer([reply('Let me look.'), callTool('get_weather', oslo)]));

  const at = { item_id: 'fc_1_1', output_index: 1 };
  const whole = '{"city":"Oslo"}';
  expect(events.slice(0, 6).map(({ type }) => type)).toEqual([
    'response.output_item.added',
    'response.content_part.added',
    'response.output_text.delta',
    'response.output_text.done',
    'response.content_part.done',
    'response.output_item.done',
  ]);
  expect(events.slice(6)).toEqual([
    { type: 'response.output_item.added', output_index: 1, item: callItem(1, '') },
    { type: 'response.function_call_arguments.delta', ...at, delta: '{"city":' },
    { type: 'response.function_call_arguments.delta', ...at, delta: '"Oslo"}' },
    { type: 'response.function_call_arguments.done', ...at, name: 'get_weather', arguments: whole },
    { type: 'response.output_item.done', output_index: 1, item: callItem(1, whole) },
  ]);
  expect(last).toMatchObject({
    type: 'response.completed',
    response: { status: 'completed', output: [{ id: 'msg_1', status: 'completed' }, callItem(1, whole)] },
  });
});

test('interleaved calls begin together and alternate, on Responses, between the texts before and after', async () => {
  const calls = [callTool('get_weather', oslo), callTool('get_weather', lima)];
  const { events, last } = await itemEvents(answer([reply('Hm.'), ...calls, reply('Done.')], { interleave: true }));

  const said = ({ type }: Json): boolean => type === 'response.output_text.delta' || /call|item/.test(type as string);
  expect(events.filter(said).map(({ type, output_index, delta }) => [type, output_index, delta])).toEqual([
    ['response.output_item.added', 0, undefined],
    ['response.output_text.delta', 0, 'Hm.'],
    ['response.output_item.done', 0, undefined],
    ['response.output_item.added', 1, undefined],
    ['response.output_item.added', 2, undefined],
    ['response.function_call_arguments.delta', 1, '{"city":'],
    ['response.function_call_arguments.delta', 2, '{"city":'],
    ['response.function_call_arguments.delta', 1, '"Oslo"}'],
    ['response.function_call_arguments.delta', 2, '"Lima"}'],
    ['response.function_call_arguments.done', 1, undefined],
    ['response.output_item.done', 1, undefined],
    ['response.function_call_arguments.done', 2, undefined],
    ['response.output_item.done', 2, undefined],
    ['response.output_item.added', 3, undefined],
    ['response.output_text.delta', 3, 'Done.'],
    ['response.output_item.done', 3, undefined],
  ]);
  expect((last['response'] as { output: Json[] }).output.map(({ id }) => id)).toEqual([
    'msg_1',
    'fc_1_1',
    'fc_1_2',
    'msg_1_2',
  ]);
});

test('a Responses call may lack deltas, arguments.done or an id, or be named late', async () => {
  const { events } = await itemEvents(
    answer([
      callTool('get_weather', oslo, { argumentsIn: 'done', callId: null }),
      callTool('get_weather', lima, { argumentsIn: 'item', lateName: true }),
    ]),
  );

  const { call_id: _, ...withoutId } = callItem(1, '{"city":"Oslo"}');
  expect(events.map(({ type }) => (type as string).replace('response.', ''))).toEqual([
    'output_item.added',
    'function_call_arguments.done',
    'output_item.done',
    'output_item.added',
    'output_item.done',
  ]);
  expect(events[2]!['item']).toEqual(withoutId);
  expect(events[3]!['item']).toEqual(callItem(2, '', { name: '' }));
  expect(events[4]!['item']).toEqual(callItem(2, '{"city":"Lima"}'));
});
