// How Chat Completions streams tool calls: as deltas with an index, whole or in fragments, with and without flaws.
import { expect, test } from 'vitest';
import { answer, callTool, reply } from '../../src/index.ts';
import { calling, chatDeltas, fragment, type Json, lima, oslo } from './call-tool-frames.ts';

function opened(id: string): Json {
  return { id, type: 'function', function: { name: 'get_weather', arguments: '' } };
}

test('Chat Completions streams a call as id and name, then argument fragments', async () => {
  expect(await chatDeltas(callTool('get_weather', oslo))).toEqual([
    { role: 'assistant', content: null, refusal: null },
    calling(0, opened('call_1_1')),
    calling(0, fragment('{"city":')),
    calling(0, fragment('"Oslo"}')),
    'tool_calls',
  ]);
});

test('Chat Completions streams text, then parallel calls one after the other', async () => {
  const step = answer([
    reply('Let me look.'),
    callTool('get_weather', { city: 'Oslo' }, { callId: 'call_a' }),
    callTool('get_weather', { city: 'Lima' }),
  ]);

  expect(await chatDeltas(step)).toEqual([
    { role: 'assistant', content: '', refusal: null },
    { content: 'Let me look.' },
    calling(0, opened('call_a')),
    calling(0, fragment('{"city":"Oslo"}')),
    calling(1, opened('call_1_2')),
    calling(1, fragment('{"city":"Lima"}')),
    'tool_calls',
  ]);
});

test('interleaved calls begin together and alternate, on Chat Completions', async () => {
  const step = answer([callTool('get_weather', oslo), callTool('get_weather', lima)], { interleave: true });

  expect(await chatDeltas(step)).toEqual([
    { role: 'assistant', content: null, refusal: null },
    calling(0, opened('call_1_1')),
    calling(1, opened('call_1_2')),
    calling(0, fragment('{"city":')),
    calling(1, fragment('{"city":')),
    calling(0, fragment('"Oslo"}')),
    calling(1, fragment('"Lima"}')),
    'tool_calls',
  ]);
});

test('a Chat Completions call may lack its id or its index, claim another one, or be named late', async () => {
  const step = answer([
    callTool('get_weather', oslo, { callId: null }),
    callTool('get_weather', lima, { index: 0, callId: 'call_b' }),
    callTool('get_time', '{}', { index: null, lateName: true, callId: 'call_c' }),
  ]);

  expect((await chatDeltas(step)).slice(1, -1)).toEqual([
    calling(0, { type: 'function', function: { name: 'get_weather', arguments: '' } }),
    calling(0, fragment('{"city":')),
    calling(0, fragment('"Oslo"}')),
    calling(0, opened('call_b')),
    calling(0, fragment('{"city":')),
    calling(0, fragment('"Lima"}')),
    { tool_calls: [{ id: 'call_c', type: 'function', function: { arguments: '' } }] },
    { tool_calls: [fragment('{}')] },
    { tool_calls: [{ function: { name: 'get_time' } }] },
  ]);
});

test.each(['done', 'item'] as const)(
  'Chat Completions sends a call in one delta for arguments in %s',
  async (where) => {
    expect(await chatDeltas(callTool('get_weather', oslo, { argumentsIn: where }))).toEqual([
      { role: 'assistant', content: null, refusal: null },
      calling(0, {
        id: 'call_1_1',
        type: 'function',
        function: { name: 'get_weather', arguments: '{"city":"Oslo"}' },
      }),
      'tool_calls',
    ]);
  },
);
