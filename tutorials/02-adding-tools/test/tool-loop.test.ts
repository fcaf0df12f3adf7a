// The tool loop as the model sees it: what each request carries, in both modes and on both APIs.
import { answer, callTool, mockModel, reply } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { slowWeather } from '../slow-weather.ts';
import { weatherAgent } from '../weather-agent.ts';
import { bothApis } from './both-apis.ts';

const asked = { role: 'user', text: 'What is the weather in Paris?' };
const inParis = { callId: 'call_1', name: 'get_weather', arguments: '{"city":"Paris"}' };
const inTokyo = { callId: 'call_2', name: 'get_weather', arguments: '{"city":"Tokyo"}' };

test.each(bothApis)(
  'the model asks for the tool and reads what it returned: two requests, one answer, over %s',
  async (_, clientFor) => {
    using model = mockModel(
      callTool('get_weather', { city: 'Paris' }, { callId: 'call_1' }),
      reply('It is sunny in Paris.'),
    );

    const response = await weatherAgent(clientFor(model.baseURL)).run(asked.text);

    expect(response.text).toBe('It is sunny in Paris.');
    expect(model.requests.map((request) => request.messages)).toEqual([
      [asked],
      [
        asked,
        { role: 'assistant', text: '', calls: [inParis] },
        { role: 'tool', text: 'Sunny, 18°C, light breeze', callId: 'call_1' },
      ],
    ]);
  },
);

test.each(bothApis)('streamed, the same question makes the same two requests, over %s', async (_, clientFor) => {
  const wantsParis = callTool('get_weather', ['{"ci', 'ty":"Pa', 'ris"}'], { callId: 'call_1' });
  using model = mockModel(wantsParis, reply('It is sunny.'), wantsParis, reply(['It is ', 'sunny.']));
  const agent = weatherAgent(clientFor(model.baseURL));

  await agent.run(asked.text);
  await agent.runStreaming(asked.text).finalResponse();

  const [first, second, third, fourth] = model.requests;
  expect([third!.messages, fourth!.messages]).toEqual([first!.messages, second!.messages]);
  expect(model.requests.map((request) => request.body['stream'] ?? false)).toEqual([false, false, true, true]);
});

test.each(bothApis)(
  'the model decides: a question that needs no tool is one request, over %s',
  async (_, clientFor) => {
    using model = mockModel(reply('Paris.'));

    const response = await weatherAgent(clientFor(model.baseURL)).run('What is the capital of France?');

    expect(response.messages.map((message) => message.contents)).toEqual(['Paris.']);
  },
);

test.each(bothApis)(
  'calls of one answer run at the same time, and their results go back in call order, over %s',
  async (_, clientFor) => {
    using model = mockModel(
      answer([
        callTool('get_weather', { city: 'Paris' }, { callId: 'call_1' }),
        callTool('get_weather', { city: 'Tokyo' }, { callId: 'call_2' }),
      ]),
      reply('Sun and rain.'),
    );
    const steps: string[] = [];
    const lookup = slowWeather(5, (step) => steps.push(step));

    await weatherAgent(clientFor(model.baseURL), { tools: [lookup] }).run('Paris and Tokyo?');

    expect(steps.slice(0, 2)).toEqual(['Paris starts', 'Tokyo starts']);
    expect(model.requests[1]!.messages.slice(1)).toEqual([
      { role: 'assistant', text: '', calls: [inParis, inTokyo] },
      { role: 'tool', text: 'Sunny, 18°C, light breeze', callId: 'call_1' },
      { role: 'tool', text: 'Rain, 15°C', callId: 'call_2' },
    ]);
  },
);

test.each(bothApis)(
  'a turn with tools is one turn: the next question is sent all of it, over %s',
  async (_, clientFor) => {
    using model = mockModel(
      callTool('get_weather', { city: 'Paris' }, { callId: 'call_1' }),
      reply('Sunny.'),
      reply('Yes, in the shade.'),
    );
    const agent = weatherAgent(clientFor(model.baseURL));
    const session = agent.createSession();

    await agent.run(asked.text, { session });
    await agent.run('Is a jacket of use?', { session });

    expect(model.requests[2]!.messages).toEqual([
      asked,
      { role: 'assistant', text: '', calls: [inParis] },
      { role: 'tool', text: 'Sunny, 18°C, light breeze', callId: 'call_1' },
      { role: 'assistant', text: 'Sunny.' },
      { role: 'user', text: 'Is a jacket of use?' },
    ]);
  },
);

test.each(
  bothApis.flatMap(([api, clientFor]) => [null, 5_000].map((timeoutMs) => [api, timeoutMs, clientFor] as const)),
)(
  'a run that is stopped stops its tools, and the model is not called again, over %s with a tool timeout of %s',
  async (_, timeoutMs, clientFor) => {
    using model = mockModel(callTool('get_weather', { city: 'Paris' }));
    const stop = new AbortController();
    const lookup = slowWeather(60_000, () => stop.abort(new Error('enough')));
    const looked = Promise.withResolvers<unknown>();
    const noted: typeof lookup = {
      ...lookup,
      timeoutMs,
      execute: (input, context) => {
        looked.resolve(lookup.execute?.(input, context));
        return looked.promise;
      },
    };

    const run = weatherAgent(clientFor(model.baseURL), { tools: [noted] }).run('Paris?', { signal: stop.signal });

    await expect(run).rejects.toThrow('enough');
    await expect(looked.promise).rejects.toMatchObject({ name: 'AbortError', cause: { message: 'enough' } });
    expect(model.requests).toHaveLength(1);
  },
);

test.each(bothApis)('a choice that forces a call holds for the first request only, over %s', async (_, clientFor) => {
  using model = mockModel(callTool('get_weather', { city: 'Paris' }), reply('Sunny.'));

  await weatherAgent(clientFor(model.baseURL)).run('Hello', { toolChoice: 'required' });

  expect(model.requests.map((request) => request.toolChoice)).toEqual(['required', 'auto']);
});
