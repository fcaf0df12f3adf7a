// What every ChatClient does with tools: it offers them, joins the fragments of calls, and sends calls and results
// back.
import type { FunctionCallContent, Message } from '@turnstream/core';
import type { ChatUpdate, ToolDeclaration } from '@turnstream/core/seams';
import { expect } from 'vitest';
import { answer, callTool } from '../script/call-tool.ts';
import { truncateAfter } from '../script/faults.ts';
import { type ReplyStep, reply } from '../script/reply.ts';
import { type ClientChecks, lastKnown, type OpenRig, textOf } from './client-check.ts';

const weather: ToolDeclaration = {
  name: 'get_weather',
  description: 'Look up the weather in a city.',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};
const tools = [weather, { ...weather, name: 'get_time' }];

const oslo = { callId: 'call_oslo', name: 'get_weather', arguments: '{"city":"Oslo"}' };
const lima = { callId: 'call_lima', name: 'get_time', arguments: '{"city":"Lima"}' };

const osloFragments = ['{"ci', 'ty":', '"Oslo"}'];
const limaFragments = ['{"city":', '"Lima"}'];

const callOslo = callTool(oslo.name, osloFragments, { callId: oslo.callId });
const callLima = callTool(lima.name, limaFragments, { callId: lima.callId });

/** The calls of an answer, joined by their ids, in the order in which they began. */
function callsIn(updates: readonly ChatUpdate[]): Omit<FunctionCallContent, 'type'>[] {
  const calls = new Map<string, Omit<FunctionCallContent, 'type'>>();
  for (const content of updates.flatMap((update) => update.contents)) {
    if (content.type !== 'function_call') continue;
    const { callId, name, arguments: fragment } = content;
    const known = calls.get(callId);
    const joined = `${known?.arguments ?? ''}${fragment}`;
    calls.set(callId, { callId, name: known?.name || name, arguments: joined });
  }
  return [...calls.values()];
}

const withoutId = ({ name, arguments: args }: Omit<FunctionCallContent, 'type'>): object => ({ name, arguments: args });

/** The same answer, streamed and whole. */
async function bothWays(open: OpenRig, step: ReplyStep): Promise<readonly ChatUpdate[][]> {
  await using it = await open(step, step);
  return [await it.collect({ tools }), await it.collect({ tools, stream: false })];
}

const conversation: readonly Message[] = [
  { role: 'user', contents: 'Weather in Oslo, time in Lima?' },
  {
    role: 'assistant',
    contents: [
      { type: 'text', text: 'Let me look.' },
      { type: 'function_call', ...oslo },
      { type: 'function_call', ...lima },
    ],
  },
  {
    role: 'tool',
    contents: [
      { type: 'function_result', callId: oslo.callId, result: 'Snow' },
      { type: 'function_result', callId: lima.callId, result: 'Error: Function failed.', error: 'tool_failed' },
    ],
  },
];

export const checksOfTools: ClientChecks = {
  async 'yields a tool call in fragments joined by its id, streamed or not'(open) {
    for (const updates of await bothWays(open, callOslo)) {
      expect(callsIn(updates)).toEqual([oslo]);
      expect(textOf(updates)).toBe('');
      expect(lastKnown(updates, 'finishReason')).toBe('tool_calls');
    }
  },

  async 'yields the text and the calls of one answer, streamed or not'(open) {
    for (const updates of await bothWays(open, answer([reply('Let me look.'), callOslo, callLima]))) {
      expect(textOf(updates)).toBe('Let me look.');
      expect(callsIn(updates)).toEqual([oslo, lima]);
    }
  },

  async 'joins the interleaved fragments of parallel calls'(open) {
    const [streamed = []] = await bothWays(open, answer([callOslo, callLima], { interleave: true }));

    expect(callsIn(streamed)).toEqual([oslo, lima]);
  },

  async 'yields a call whose arguments came in one piece instead of fragments'(open) {
    const step = answer([
      callTool(oslo.name, osloFragments, { callId: oslo.callId, argumentsIn: 'done' }),
      callTool(lima.name, limaFragments, { callId: lima.callId, argumentsIn: 'item' }),
    ]);

    for (const updates of await bothWays(open, step)) expect(callsIn(updates)).toEqual([oslo, lima]);
  },

  async 'generates an id for each call that has none, the same for all of its fragments'(open) {
    const step = answer([
      callTool(oslo.name, osloFragments, { callId: null }),
      callTool(lima.name, limaFragments, { callId: null }),
    ]);

    for (const updates of await bothWays(open, step)) {
      const calls = callsIn(updates);
      expect(calls.map(withoutId)).toEqual([oslo, lima].map(withoutId));
      expect(calls.map(({ callId }) => callId)).not.toContain('');
    }
  },

  async 'tells calls apart by their ids when every index is 0 or missing'(open) {
    for (const index of [0, null]) {
      const step = answer([
        callTool(oslo.name, osloFragments, { callId: oslo.callId, index }),
        callTool(lima.name, limaFragments, { callId: lima.callId, index }),
      ]);
      const [streamed = []] = await bothWays(open, step);
      expect(callsIn(streamed)).toEqual([oslo, lima]);
    }
  },

  async 'accepts a call whose name comes after its arguments'(open) {
    const step = callTool(oslo.name, osloFragments, { callId: oslo.callId, lateName: true });

    const [streamed = []] = await bothWays(open, step);

    expect(callsIn(streamed)).toEqual([oslo]);
  },

  async 'passes on arguments unchanged, even when the length limit cut them'(open) {
    const step = callTool(oslo.name, '{"city":"Os', { callId: oslo.callId, finishReason: 'length' });

    for (const updates of await bothWays(open, step)) {
      expect(callsIn(updates)).toEqual([{ ...oslo, arguments: '{"city":"Os' }]);
      expect(lastKnown(updates, 'finishReason')).toBe('length');
    }
  },

  async 'rejects with stream_truncated when a stream ends in the middle of a call'(open) {
    const step = callTool(oslo.name, osloFragments, { fault: truncateAfter({ chunks: 2 }) });
    await using it = await open(step);

    expect(await it.failureOf(it.collect({ tools }))).toMatchObject({ code: 'stream_truncated' });
  },

  async 'offers the tools with the tool choice of the request'(open) {
    const choices = ['auto', 'none', 'required', { name: 'get_time' }] as const;
    await using it = await open(...choices.map(() => reply('A')), reply('A'));

    for (const toolChoice of choices) await it.collect({ tools, toolChoice });
    await it.collect();

    expect(it.model.requests.map((request) => request.toolChoice)).toEqual([...choices, null]);
    expect(it.model.requests[0]?.tools).toEqual(tools);
    expect(it.model.requests.at(-1)?.tools).toEqual([]);
  },

  async 'sends calls back with the text of their message, then the results in call order'(open) {
    await using it = await open(reply('Cold.'), reply('Cold.'));

    await it.collect({ messages: conversation, tools });
    await it.collect({ messages: conversation, tools, stream: false });

    for (const request of it.model.requests) {
      expect(request.messages).toEqual([
        { role: 'user', text: 'Weather in Oslo, time in Lima?' },
        { role: 'assistant', text: 'Let me look.', calls: [oslo, lima] },
        { role: 'tool', text: 'Snow', callId: oslo.callId },
        // Some clients mark an error as one, around its text.
        { role: 'tool', text: expect.stringContaining('Error: Function failed.'), callId: lima.callId },
      ]);
    }
  },

  async 'asks for the output shape of the request'(open) {
    const schema = { type: 'object', properties: { year: { type: 'integer' } }, required: ['year'] };
    await using it = await open(reply('{"year":1991}'), reply('A'));

    await it.collect({ output: { name: 'age', schema } });
    await it.collect();

    expect(it.model.requests.map((request) => request.output)).toEqual([{ name: 'age', schema }, null]);
  },
};
