// Captured content follows the JSON schemas of the GenAI conventions.
import { type StandardSchema, tool } from '@turnstream/core';
import { chatUpdate } from '@turnstream/core/seams';
import { callTool, reply, resetAfter } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { named, traced } from './traced.ts';

const captureContent = true;

function json(value: unknown): unknown {
  return JSON.parse(String(value));
}

test('captured messages have parts, including tool calls and their results', async () => {
  const stock = tool({ name: 'stock', description: 'Counts the stock.', execute: () => '3 teapots' });
  const steps = [callTool('stock', '{"shelf":1}', { callId: 'c1' }), reply(['Three ', 'left.'])];
  await using run = await traced(steps, { tools: [stock], instructions: 'Be kind.' }, { captureContent });

  await run.agent.runStreaming('Any?').finalResponse();

  const [first, second] = run.spans().filter(({ name }) => name === 'chat gpt-4.1');
  const asked = { role: 'user', parts: [{ type: 'text', content: 'Any?' }] };
  const call = { role: 'assistant', parts: [{ type: 'tool_call', id: 'c1', name: 'stock', arguments: { shelf: 1 } }] };
  const result = { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: '3 teapots' }] };
  const answer = { role: 'assistant', parts: [{ type: 'text', content: 'Three left.' }], finish_reason: 'stop' };
  expect(json(first?.attributes['gen_ai.system_instructions'])).toEqual([{ type: 'text', content: 'Be kind.' }]);
  expect(json(first?.attributes['gen_ai.output.messages'])).toEqual([{ ...call, finish_reason: 'tool_call' }]);
  expect(json(second?.attributes['gen_ai.input.messages'])).toEqual([asked, call, result]);
  expect(json(second?.attributes['gen_ai.output.messages'])).toEqual([answer]);
  expect(json(named(run.spans(), 'invoke_agent shop').attributes['gen_ai.output.messages'])).toEqual([
    { ...call, finish_reason: 'tool_call' },
    answer,
  ]);
});

test('captured media are blob, uri and file parts with their modality', async () => {
  await using run = await traced([reply('Nice.')], {}, { captureContent });

  await run.agent.run([
    {
      role: 'user',
      contents: [
        { type: 'data', uri: 'data:image/png;base64,AAAA', mediaType: 'image/png' },
        { type: 'uri', uri: 'https://shop.test/a.pdf', mediaType: 'application/pdf' },
        { type: 'hosted_file', fileId: 'file_1' },
      ],
    },
  ]);

  expect(json(named(run.spans(), 'chat gpt-4.1').attributes['gen_ai.input.messages'])).toEqual([
    {
      role: 'user',
      parts: [
        { type: 'blob', mime_type: 'image/png', modality: 'image', content: 'AAAA' },
        { type: 'uri', mime_type: 'application/pdf', modality: 'document', uri: 'https://shop.test/a.pdf' },
        { type: 'file', mime_type: 'application/octet-stream', modality: 'document', file_id: 'file_1' },
      ],
    },
  ]);
});

test('a truncated answer is captured as far as it arrived', async () => {
  await using run = await traced(
    [reply(['Half ', 'an answer'], { fault: resetAfter({ chunks: 1 }) })],
    {},
    { captureContent },
  );

  await expect(run.agent.runStreaming('Go').finalResponse()).rejects.toThrow();

  expect(json(named(run.spans(), 'chat gpt-4.1').attributes['gen_ai.output.messages'])).toEqual([
    { role: 'assistant', parts: [{ type: 'text', content: 'Half ' }], finish_reason: 'error' },
  ]);
});

/** A schema whose validated value is not JSON. */
function turningInto<Input>(become: (n: string) => Input): StandardSchema<Input> {
  return {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: (value) => ({ value: become((value as { n: string }).n) }),
      jsonSchema: { input: () => ({ type: 'object' }), output: () => ({ type: 'object' }) },
    },
  };
}

test('a large number among the arguments is captured as text, and the tool runs', async () => {
  const parameters = turningInto((n) => ({ n: BigInt(n) }));
  const next = tool({ name: 'next', description: 'Next.', parameters, execute: ({ n }) => String(n + 1n) });
  await using run = await traced([callTool('next', '{"n":"12"}'), reply('13.')], { tools: [next] }, { captureContent });

  await run.agent.run('Count');

  expect(named(run.spans(), 'execute_tool next').attributes).toMatchObject({
    'gen_ai.tool.call.arguments': '{"n":"12"}',
    'gen_ai.tool.call.result': '"13"',
  });
});

test('arguments that JSON cannot hold are left out, and the tool runs', async () => {
  const parameters = turningInto(() => {
    const circular: { self?: unknown } = {};
    circular.self = circular;
    return circular;
  });
  const look = tool({ name: 'look', description: 'Looks.', parameters, execute: ({ self }) => typeof self });
  await using run = await traced([callTool('look', '{}'), reply('Done.')], { tools: [look] }, { captureContent });

  await run.agent.run('Look');

  const { attributes } = named(run.spans(), 'execute_tool look');
  expect(attributes['gen_ai.tool.call.result']).toBe('"object"');
  expect(attributes).not.toHaveProperty('gen_ai.tool.call.arguments');
});

test('without a finish reason, a complete answer is captured as stop and an abandoned one as cancelled', async () => {
  const client = {
    async *send() {
      yield chatUpdate({ contents: [{ type: 'text', text: 'Hi' }], role: 'assistant' });
    },
  };
  await using run = await traced([], { client }, { captureContent });

  await run.agent.run('Go');
  for await (const _ of run.agent.runStreaming('Go')) break;

  const runs = run.spans().filter(({ name }) => name === 'invoke_agent shop');
  const said = { role: 'assistant', parts: [{ type: 'text', content: 'Hi' }] };
  expect(runs.map(({ attributes }) => json(attributes['gen_ai.output.messages']))).toEqual([
    [{ ...said, finish_reason: 'stop' }],
    [{ ...said, finish_reason: 'cancelled' }],
  ]);
});
