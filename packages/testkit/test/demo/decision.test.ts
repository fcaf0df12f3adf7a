// What the demo model does with tools and forms, as a function of the request.
import { expect, test } from 'vitest';
import { type DemoPart, type DemoRequest, decide } from '../../src/demo/decision.ts';

const city = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const getWeather = { name: 'get_weather', description: null, parameters: city };
const offered = { tools: [getWeather] };

function asked(question: string, fields: Partial<DemoRequest> = {}): readonly DemoPart[] {
  const messages = [{ role: 'user', text: question }];
  return decide({ instructions: null, messages, tools: [], toolChoice: null, output: null, ...fields });
}

function textOf(parts: readonly DemoPart[]): string {
  return parts.map((part) => (part.type === 'text' ? part.text : `<${part.type}>`)).join('');
}

function callsOf(parts: readonly DemoPart[]): string[] {
  return parts.map((part) => (part.type === 'function_call' ? `${part.name}(${part.text})` : `<${part.type}>`));
}

/** Its answer when these results came back. */
function answerTo(question: string, results: Record<string, string>, fields: Partial<DemoRequest> = {}): string {
  const calls = Object.keys(results).map((name, index) => ({
    callId: `call_${index}`,
    name: 'get_weather',
    arguments: JSON.stringify({ city: name }),
  }));
  const messages = [
    { role: 'user', text: question },
    { role: 'assistant', text: '', calls },
    ...Object.values(results).map((text, index) => ({ role: 'tool', text, callId: `call_${index}` })),
  ];
  return textOf(asked(question, { ...offered, ...fields, messages }));
}

test.each([
  ['What is the weather in Paris?', ['Paris']],
  ["What's the weather like in Paris today?", ['Paris']],
  ['What is the weather in Paris and in Tokyo?', ['Paris', 'Tokyo']],
  ['Weather in Oslo, New Delhi and Rio de Janeiro, please', ['Oslo', 'New Delhi', 'Rio de Janeiro']],
  ['Is it raining in São Paulo?', ['São Paulo']],
  ['Do I need an umbrella in London on Monday?', ['London']],
  ['Compare the temperature in Oslo with Oslo, in Celsius', ['Oslo']],
  ['Give me the forecast for Kraków. What should I wear?', ['Kraków']],
])('%s', (question, cities) => {
  expect(callsOf(asked(question, offered))).toEqual(cities.map((name) => `get_weather({"city":"${name}"})`));
});

test('told to speak before a tool call, it does, and continues on a new line', () => {
  const polite = { ...offered, instructions: 'Before you call a tool, say what you look up.' };
  const question = { role: 'user', text: 'What is the weather in Paris and in Tokyo?' };
  const calls = [{ callId: 'a', name: 'get_weather', arguments: '{"city":"Paris"}' }];

  const first = asked(question.text, polite);
  const second = asked('', {
    ...polite,
    messages: [
      question,
      { role: 'assistant', text: 'Let me look up Paris.', calls },
      { role: 'tool', text: 'Sunny', callId: 'a' },
    ],
  });

  expect(first[0]).toEqual({ type: 'text', text: 'Let me look up Paris and Tokyo.' });
  expect(callsOf(first.slice(1))).toEqual(['get_weather({"city":"Paris"})', 'get_weather({"city":"Tokyo"})']);
  expect(second).toEqual([{ type: 'text', text: '\nThe weather in Paris: Sunny.' }]);
});

test('without a tool it says that it cannot know the weather, and why', () => {
  const question = 'What is the weather in Paris?';
  const other = { name: 'get_time', description: null, parameters: city };

  expect(textOf(asked(question))).toBe(
    'I cannot know the weather in Paris: that takes a tool, and I was offered none.',
  );
  expect(textOf(asked(question, { tools: [other] }))).toContain('what I was offered (get_time) speaks of the weather');
  expect(textOf(asked(question, { ...offered, toolChoice: 'none' }))).toContain(
    'tool_choice forbids me to call those I was offered',
  );
});

test.each([null, 'auto', 'required', { name: 'get_weather' }] as const)(
  'with the tool choice %j it calls',
  (toolChoice) => {
    expect(callsOf(asked('Weather in Paris?', { ...offered, toolChoice }))).toEqual(['get_weather({"city":"Paris"})']);
  },
);

test('it fills in whatever a weather tool calls its place, and what else that requires', () => {
  const parameters = {
    type: 'object',
    properties: {
      location: { type: 'string' },
      unit: { enum: ['celsius', 'fahrenheit'] },
      day: { type: ['string', 'null'] },
    },
    required: ['location', 'unit', 'day'],
  };
  const tools = [{ name: 'weatherForecast', description: null, parameters }];

  expect(callsOf(asked('Weather in Paris?', { tools }))).toEqual([
    'weatherForecast({"location":"Paris","unit":"celsius","day":null})',
  ]);
});

test('other questions are answered as usual, with or without a weather tool', () => {
  expect(textOf(asked('What is the capital of France?', offered))).toBe('The capital of France is Paris.');
  expect(textOf(asked('Tell me a story about rain', offered))).toContain('lighthouse');
  expect(textOf(asked('What is the weather?', offered))).toMatch(/^I would call get_weather, but .* no value for city/);
});

test('a follow-up to a weather question is a weather question', () => {
  const messages = ['What is the weather in Paris?', 'Sunny.', 'And in Oslo?'].map((text, index) => ({
    role: index % 2 === 0 ? 'user' : 'assistant',
    text,
  }));

  expect(callsOf(asked('', { ...offered, messages }))).toEqual(['get_weather({"city":"Oslo"})']);
  expect(callsOf(asked('And in Oslo?', offered))).toEqual(['<text>']);
  const others = messages.with(0, { role: 'user', text: 'What is Python?' });
  expect(callsOf(asked('', { ...offered, messages: others }))).toEqual(['<text>']);
});

test('it answers from what the tool said', () => {
  const question = 'What is the weather in Paris and in Tokyo?';

  expect(answerTo(question, { Paris: 'Sunny, 18°C.' })).toBe('The weather in Paris: Sunny, 18°C.');
  expect(answerTo(question, { Paris: 'Sunny', Tokyo: 'Rain' })).toBe('The weather in Paris: Sunny. In Tokyo: Rain.');
  expect(answerTo(question, { Paris: '{"sky":"clear","celsius":18}' })).toBe(
    'The weather in Paris: sky clear, celsius 18.',
  );
  expect(answerTo(question, { Paris: '"Sunny"' })).toBe('The weather in Paris: Sunny.');
  expect(answerTo(question, { Atlantis: 'No weather data for Atlantis.' })).toBe('No weather data for Atlantis.');
  expect(answerTo(question, { Paris: 'Error: Function failed.' })).toBe(
    'I could not find out the weather in Paris; the tool said: Error: Function failed.',
  );
});

test('results are matched to calls by id, not by position', () => {
  const messages = [
    { role: 'user', text: 'Weather in Paris and Tokyo?' },
    {
      role: 'assistant',
      text: '',
      calls: [
        { callId: 'a', name: 'get_weather', arguments: '{"city":"Paris"}' },
        { callId: 'b', name: 'get_weather', arguments: '{"city":"To' },
      ],
    },
    { role: 'tool', text: 'Rain', callId: 'b' },
    { role: 'tool', text: 'Sun', callId: 'a' },
  ];

  expect(textOf(asked('', { ...offered, messages }))).toBe('The weather in that city: Rain. In Paris: Sun.');
});

function form(
  properties: Record<string, unknown>,
  required: string[] = Object.keys(properties),
): DemoRequest['output'] {
  return { name: 'answer', schema: { type: 'object', properties, required, additionalProperties: false } };
}

const string = { type: 'string' };
const nameAndYear = form({ name: string, year: { type: 'integer' } });

test('a form is filled in with what it knows of the question', () => {
  const both = {
    type: 'array',
    items: { type: 'object', properties: { name: string, first_released: { type: 'number' } } },
  };

  expect(textOf(asked('Tell me about Python.', { output: nameAndYear }))).toBe('{"name":"Python","year":1991}');
  expect(textOf(asked('What is the capital of Japan?', { output: form({ country: string, capital: string }) }))).toBe(
    '{"country":"Japan","capital":"Tokyo"}',
  );
  expect(textOf(asked('Compare Rust and Go.', { output: form({ languages: both }) }))).toBe(
    '{"languages":[{"name":"Rust","first_released":2015},{"name":"Go","first_released":2009}]}',
  );
  expect(
    textOf(asked('What is Go?', { output: form({ language: { type: 'object', properties: { name: string } } }) })),
  ).toBe('{"language":{"name":"Go"}}');
});

test('what is not known is left out, or null, where the form allows it', () => {
  const output = form(
    { name: string, author: string, price: { type: ['number', 'null'] }, owner: { anyOf: [string, { type: 'null' }] } },
    ['name', 'price', 'owner'],
  );

  expect(textOf(asked('What is Go?', { output }))).toBe('{"name":"Go","price":null,"owner":null}');
  expect(textOf(asked('What is Go?', { output: form({ name: { enum: ['Go', 'Rust'] } }) }))).toBe('{"name":"Go"}');
});

test.each([
  ['a field that it does not know', 'What is Go?', form({ name: string, author: string })],
  ['a field of another type', 'What is Go?', form({ year: string })],
  ['a choice that has no such value', 'What is Go?', form({ name: { enum: ['Rust'] } })],
  ['an unknown subject', 'Can you cook?', nameAndYear],
  ['a form of nothing', 'What is Go?', form({})],
])('it declines %s', (_, question, output) => {
  expect(asked(question, { output })).toEqual([
    {
      type: 'refusal',
      text: 'This is a scripted demo model, and it has not got the facts that the form "answer" asks for.',
    },
  ]);
});

test('a form about the earlier topic is filled in with its facts', () => {
  const messages = ['What is Python?', 'A language.', 'How old is it?'].map((text, index) => ({
    role: index % 2 === 0 ? 'user' : 'assistant',
    text,
  }));

  expect(textOf(asked('', { messages, output: nameAndYear }))).toBe('{"name":"Python","year":1991}');
});

test('with a tool and a form it calls first, and fills in what came back', () => {
  const output = form({ city: string, celsius: { type: 'number' }, umbrella: { type: 'boolean' } });
  const question = 'What is the weather in Tokyo?';

  expect(callsOf(asked(question, { ...offered, output }))).toEqual(['get_weather({"city":"Tokyo"})']);
  expect(answerTo(question, { Tokyo: 'Rain, 15°C' }, { output })).toBe('{"city":"Tokyo","celsius":15,"umbrella":true}');
  expect(answerTo(question, { Tokyo: 'Sunny, -3 C' }, { output })).toBe(
    '{"city":"Tokyo","celsius":-3,"umbrella":false}',
  );
  expect(answerTo(question, { Tokyo: 'Sunny' }, { output })).toBe('<refusal>');
});

test('a report is long and covers what was asked', () => {
  const one = textOf(asked('Write a report about Python.'));
  const two = textOf(asked('Please write a detailed report comparing Java and Rust'));

  expect(one).toMatch(/^Report: Python\n\n/);
  expect(one).toContain('1 is older (Haskell, 1990) and 7 are younger');
  expect(one.split(/\s+/).length).toBeGreaterThan(150);
  expect(two).toMatch(/^Report: Java and Rust\n\n/);
  expect(two).toContain('The same year brought JavaScript, 1995; Ruby, 1995.');
  expect(two).toContain('Of those looked at, Java is the oldest.');
  expect(textOf(asked('Write a report about whales.'))).toContain('I have nothing on file to write that report from.');
});
