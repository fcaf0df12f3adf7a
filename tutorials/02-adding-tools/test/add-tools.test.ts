// The series' tests of this chapter under their own names, with exact expectations, on both APIs.
import { chatClientFromEnv, hasRealModel } from '@turnstream/config';
import { mockModel, reply } from '@turnstream/testkit';
import { startDemoModel } from '@turnstream/testkit/demo';
import { expect, test } from 'vitest';
import { weatherAgent } from '../weather-agent.ts';
import { weatherIn } from '../weather-tool.ts';
import { bothApis } from './both-apis.ts';

const WEATHER = "What's the weather in Paris?";
const CAPITAL = 'What is the capital of France? Answer with only the city name.';

test('test_weather_tool_returns_canned_data, Weather_Tool_Returns_Canned_Data_For_Known_City', () => {
  expect(weatherIn('Paris')).toBe('Sunny, 18°C, light breeze');
});

test('test_weather_tool_handles_unknown_city, Weather_Tool_Handles_Unknown_City', () => {
  expect(weatherIn('Atlantis')).toBe('No weather data for Atlantis.');
});

test('test_weather_tool_is_case_insensitive, Weather_Tool_Is_Case_Insensitive', () => {
  expect([weatherIn('paris'), weatherIn('PARIS')]).toEqual([weatherIn('Paris'), weatherIn('Paris')]);
});

test.each(bothApis)('test_agent_has_weather_tool_registered, over %s', async (_, clientFor) => {
  using model = mockModel(reply('Hello.'));

  await weatherAgent(clientFor(model.baseURL)).run('Hi');

  expect(model.requests[0]).toMatchObject({
    toolChoice: 'auto',
    tools: [
      {
        name: 'get_weather',
        description: 'Look up the current weather in a city.',
        parameters: {
          type: 'object',
          properties: { city: { type: 'string', description: 'Name of the city, such as Paris' } },
          required: ['city'],
        },
      },
    ],
  });
});

test.each(bothApis)(
  'test_real_llm_invokes_weather_tool, Real_LLM_Invokes_Weather_Tool, with the demo model over %s',
  async (_, clientFor) => {
    await using model = await startDemoModel({ pace: { firstChunkDelayMs: 0, chunkDelayMs: 0 } });

    const answer = await weatherAgent(clientFor(model.baseURL)).run(WEATHER);

    expect(answer.text).toContain('Sunny, 18°C');
    expect(model.requests).toHaveLength(2);
  },
);

test.each(bothApis)(
  'test_real_llm_skips_tool_for_unrelated_question, Real_LLM_Skips_Tool_For_Unrelated_Question, with the demo model over %s',
  async (_, clientFor) => {
    await using model = await startDemoModel({ pace: { firstChunkDelayMs: 0, chunkDelayMs: 0 } });

    const answer = await weatherAgent(clientFor(model.baseURL)).run(CAPITAL);

    expect(answer.text).toContain('Paris');
    expect(answer.text).not.toContain('Sunny');
    expect(model.requests).toHaveLength(1);
  },
);

const whenReal = test.skipIf(!hasRealModel());

for (const name of ['test_real_llm_invokes_weather_tool', 'Real_LLM_Invokes_Weather_Tool']) {
  whenReal(`${name} (real LLM)`, { tags: ['real-model'] }, async () => {
    await using model = await chatClientFromEnv();

    const answer = await weatherAgent(model.client).run(WEATHER);

    expect(answer.text.toLowerCase()).toMatch(/sunny|18/);
  });
}

for (const name of ['test_real_llm_skips_tool_for_unrelated_question', 'Real_LLM_Skips_Tool_For_Unrelated_Question']) {
  whenReal(`${name} (real LLM)`, { tags: ['real-model'] }, async () => {
    await using model = await chatClientFromEnv();

    const answer = await weatherAgent(model.client).run(CAPITAL);

    expect(answer.text.toLowerCase()).toContain('paris');
    expect(answer.text.toLowerCase()).not.toContain('sunny');
  });
}
