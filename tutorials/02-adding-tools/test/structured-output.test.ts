// An answer as data: how the model gets the shape, and what happens to an answer without it.
import type { AgentError } from '@turnstream/core';
import { callTool, mockModel, type RecordedRequest, refuse, reply } from '@turnstream/testkit';
import { expect, expectTypeOf, test } from 'vitest';
import { weatherAgent } from '../weather-agent.ts';
import { weatherReport } from '../weather-report.ts';
import { bothApis } from './both-apis.ts';

const question = 'What is the weather in Tokyo?';
const report = { city: 'Tokyo', celsius: 15, umbrella: true };

/** The format a request asks for, which the two APIs write in two places. */
function formatOf({ body }: RecordedRequest): unknown {
  const { text, response_format: format } = body as {
    text?: { format: unknown };
    response_format?: { json_schema: object };
  };
  return text?.format ?? { type: 'json_schema', ...format?.json_schema };
}

test.each(bothApis)(
  'the model looks the weather up and answers in the shape asked for, over %s',
  async (_, clientFor) => {
    using model = mockModel(
      callTool('get_weather', { city: 'Tokyo' }),
      reply(['{"city":"Tokyo",', '"celsius":15,"umbrella":true}']),
    );

    const answer = await weatherAgent(clientFor(model.baseURL)).run(question, { output: weatherReport });

    expectTypeOf(answer.value).toEqualTypeOf<{ city: string; celsius: number; umbrella: boolean } | undefined>();
    expect(answer.value).toEqual(report);
    const format = {
      type: 'json_schema',
      name: 'answer',
      strict: true,
      schema: {
        type: 'object',
        properties: {
          city: { type: 'string' },
          celsius: { type: 'number' },
          umbrella: { type: 'boolean', description: 'Whether to take one along' },
        },
        required: ['city', 'celsius', 'umbrella'],
        additionalProperties: false,
      },
    };
    expect(model.requests.map(formatOf)).toEqual([format, format]);
  },
);

test.each(bothApis)('a stream has the value in its final response, over %s', async (_, clientFor) => {
  using model = mockModel(reply(['{"city":"Tokyo",', '"celsius":15,"umbrella":true}']));

  const stream = weatherAgent(clientFor(model.baseURL)).runStreaming(question, { output: weatherReport });

  expect((await stream.finalResponse()).value).toEqual(report);
});

test.each(bothApis)('an answer of another shape is an error that names the place, over %s', async (_, clientFor) => {
  using model = mockModel(reply('{"city":"Tokyo","celsius":"fifteen","umbrella":true}'));

  const run = weatherAgent(clientFor(model.baseURL)).run(question, { output: weatherReport });

  const error = await run.catch((thrown: AgentError) => thrown);
  expect(error).toMatchObject({ code: 'output_invalid', message: expect.stringMatching(/\bcelsius\b/) });
  expect((error as AgentError).message).not.toContain('fifteen');
});

test.each(bothApis)('a refusal and a cut answer have no value, and are not errors, over %s', async (_, clientFor) => {
  using model = mockModel(refuse('I will not.'), reply('{"city":"To', { finishReason: 'length' }));
  const agent = weatherAgent(clientFor(model.baseURL));

  const refused = await agent.run(question, { output: weatherReport });
  const cut = await agent.run(question, { output: weatherReport });

  expect(refused).toMatchObject({ text: 'I will not.', value: undefined });
  expect(cut).toMatchObject({ status: 'incomplete', value: undefined });
});
