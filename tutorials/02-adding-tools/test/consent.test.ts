// Approval: the state while a run waits, and what the model gets of the decision.
import { AgentSession } from '@turnstream/core';
import { answer, callTool, mockModel, reply } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { guardedWeather, runWithConsent } from '../consent.ts';
import { weatherAgent } from '../weather-agent.ts';
import { bothApis } from './both-apis.ts';

const wantsParis = callTool('get_weather', { city: 'Paris' }, { callId: 'call_1' });
const inParis = { callId: 'call_1', name: 'get_weather', arguments: '{"city":"Paris"}' };

test.each(bothApis)(
  'a run that needs consent ends with the request, and nothing has run, over %s',
  async (_, clientFor) => {
    using model = mockModel(wantsParis);
    const lookups: string[] = [];
    const noting = { ...guardedWeather, execute: ({ city }: { city: string }) => lookups.push(city) };

    const response = await weatherAgent(clientFor(model.baseURL), { tools: [noting] }).run('Weather in Paris?');

    expect(response.approvals).toEqual([inParis]);
    expect(response.text).toBe('');
    expect(lookups).toEqual([]);
    expect(model.requests).toHaveLength(1);
  },
);

test.each([
  ...bothApis.map((api) => [...api, true, 'Sunny, 18°C, light breeze'] as const),
  ...bothApis.map((api) => [...api, false, 'Error: Tool call invocation was rejected by user.'] as const),
])(
  'over %s the model reads the result of an allowed call, and of a refused one that it was',
  async (_, clientFor, allowed, result) => {
    using model = mockModel(wantsParis, reply('Very well.'));
    const agent = weatherAgent(clientFor(model.baseURL), { tools: [guardedWeather] });

    const response = await runWithConsent(agent, 'Weather in Paris?', agent.createSession(), async () => allowed);

    expect(response.text).toBe('Very well.');
    expect(model.requests[1]!.messages).toEqual([
      { role: 'user', text: 'Weather in Paris?' },
      { role: 'assistant', text: '', calls: [inParis] },
      { role: 'tool', text: result, callId: 'call_1' },
    ]);
  },
);

test.each(bothApis)('every call is asked for by itself, in as many runs as it takes, over %s', async (_, clientFor) => {
  using model = mockModel(
    answer([wantsParis, callTool('get_weather', { city: 'Tokyo' })]),
    callTool('get_weather', { city: 'London' }),
    reply('Done.'),
  );
  const agent = weatherAgent(clientFor(model.baseURL), { tools: [guardedWeather] });
  const asked: string[] = [];

  await runWithConsent(agent, 'Weather in three cities?', agent.createSession(), async (request) => {
    asked.push(request.arguments);
    return !request.arguments.includes('Tokyo');
  });

  expect(asked).toEqual(['{"city":"Paris"}', '{"city":"Tokyo"}', '{"city":"London"}']);
  expect(model.requests[2]!.texts.filter((text) => text !== '')).toEqual([
    'Weather in three cities?',
    'Sunny, 18°C, light breeze',
    'Error: Tool call invocation was rejected by user.',
    'Overcast, 12°C, light drizzle',
  ]);
});

test.each(bothApis)('the decision may come later, from another process, over %s', async (_, clientFor) => {
  using model = mockModel(wantsParis, reply('Sunny.'));
  const client = clientFor(model.baseURL);
  const session = new AgentSession();
  await weatherAgent(client, { tools: [guardedWeather] }).run('Weather in Paris?', { session });

  const reloaded = AgentSession.fromJSON(JSON.parse(JSON.stringify(session)));
  const answered = {
    role: 'user',
    contents: [{ type: 'approval_response', callId: 'call_1', arguments: inParis.arguments, approved: true }],
  } as const;
  const response = await weatherAgent(client, { tools: [guardedWeather] }).run([answered], { session: reloaded });

  expect(response.text).toBe('Sunny.');
  expect(model.requests[1]!.texts.at(-1)).toBe('Sunny, 18°C, light breeze');
});

test.each(bothApis)(
  'only the approved arguments run: others are refused before anything happens, over %s',
  async (_, clientFor) => {
    using model = mockModel(wantsParis);
    const agent = weatherAgent(clientFor(model.baseURL), { tools: [guardedWeather] });
    const session = agent.createSession();
    await agent.run('Weather in Paris?', { session });

    const forged = {
      type: 'approval_response',
      callId: 'call_1',
      arguments: '{"city":"Tokyo"}',
      approved: true,
    } as const;
    const run = agent.run([{ role: 'user', contents: [forged] }], { session });

    await expect(run).rejects.toMatchObject({ code: 'input_invalid' });
    expect(model.requests).toHaveLength(1);
  },
);
