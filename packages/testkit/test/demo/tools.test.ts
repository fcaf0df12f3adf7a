// Which tools the demo model calls, and what it fills in, question by question.
import { expect, test } from 'vitest';
import { type DemoPart, type DemoRequest, decide } from '../../src/demo/decision.ts';

const string = { type: 'string' };
const number = { type: 'number' };

function tool(
  name: string,
  properties: Record<string, unknown>,
  required?: string[],
  description: string | null = null,
) {
  return {
    name,
    description,
    parameters: { type: 'object', properties, required: required ?? Object.keys(properties) },
  };
}

const rollDice = tool('roll_dice', { sides: { type: 'integer', minimum: 2 } });
const getTime = tool('get_time', { timezone: string }, [], 'The current time.');
const getWeather = tool('get_weather', { city: string, unit: { enum: ['celsius', 'fahrenheit'] } }, ['city']);
const countLetter = tool(
  'count_letter',
  { letter: string, word: string },
  undefined,
  'How many times a letter is in it.',
);
const currencies = { enum: ['USD', 'EUR', 'GBP'] };
const convert = tool('convert', { amount: number, from: currencies, to: currencies });

type Offered = DemoRequest['tools'];

/** The answer to the last of these messages; speakers take turns, the user first. */
function answerTo(texts: readonly string[], tools: Offered, fields: Partial<DemoRequest> = {}): readonly DemoPart[] {
  const messages = texts.map((text, index) => ({ role: index % 2 === 0 ? 'user' : 'assistant', text }));
  return decide({ instructions: null, messages, tools, toolChoice: null, output: null, ...fields });
}

function said(parts: readonly DemoPart[]): string[] {
  return parts.map((part) => (part.type === 'function_call' ? `${part.name}(${part.text})` : part.text));
}

test.each<[string, Offered, string[]]>([
  ['Roll a dice with 6 sides', [rollDice], ['roll_dice({"sides":6})']],
  ['Rolling a 20-sided dice, please', [rollDice], ['roll_dice({"sides":20})']],
  ['What time is it?', [getTime, getWeather], ['get_time({})']],
  ['Use get_time for Paris', [getTime], ['get_time({"timezone":"Paris"})']],
  ['What is the weather in Paris in Fahrenheit?', [getWeather], ['get_weather({"city":"Paris","unit":"fahrenheit"})']],
  ['Convert 1,250 from EUR to USD', [convert], ['convert({"amount":1250,"from":"EUR","to":"USD"})']],
  [
    'How many times is the letter "r" in the word "strawberry"?',
    [getTime, countLetter],
    ['count_letter({"letter":"r","word":"strawberry"})'],
  ],
  ['Where is order 007?', [tool('find_order', { id: string })], ['find_order({"id":"007"})']],
  ['Search for "how to stream"', [tool('search', { query: string })], ['search({"query":"how to stream"})']],
  [
    'Average of 3, 4 and -5.5',
    [tool('average', { of: { type: 'array', items: number } })],
    ['average({"of":[3,4,-5.5]})'],
  ],
  [
    'Mail ada@example.org on 2026-11-27 about Rust',
    [tool('mail', { subject: string, to: { ...string, format: 'email' }, on: { ...string, format: 'date' } })],
    ['mail({"subject":"Rust","to":"ada@example.org","on":"2026-11-27"})'],
  ],
  [
    'Book a flight from Paris to Rome for 2 passengers without window',
    [
      tool('book_flight', { to: string, from: string, passengers: number, window: { type: 'boolean' } }, [
        'to',
        'from',
      ]),
    ],
    ['book_flight({"to":"Rome","from":"Paris","passengers":2,"window":false})'],
  ],
  [
    'What is 12 times 7?',
    [
      tool(
        'calculate',
        { a: number, b: number, operation: { enum: ['add', 'multiply'] } },
        undefined,
        'Add or multiply.',
      ),
    ],
    ['calculate({"a":12,"b":7,"operation":"multiply"})'],
  ],
  [
    'Paint the carpet in a clear red.',
    [tool('paint', { thing: { enum: ['car', 'ear', 'pet', 'carpet'] }, color: { enum: ['lear', 'clear', 'cle'] } })],
    ['paint({"thing":"carpet","color":"clear"})'],
  ],
])('%s', (question, tools, calls) => {
  expect(said(answerTo([question], tools))).toEqual(calls);
});

test('a tool of any name is called when its description has a word of the question', () => {
  const lookup = tool('lookup', { city: string }, ['city'], 'Look up the current weather in a city.');

  expect(said(answerTo(['Is it raining in Tokyo?'], [lookup]))).toEqual(['lookup({"city":"Tokyo"})']);
  expect(said(answerTo(['What is the capital of France? Only the city, please.'], [lookup]))).toEqual([
    'The capital of France is Paris.',
  ]);
});

test('two things that are asked for are two calls, of one tool or of two', () => {
  const time = tool('get_time', { city: string });

  expect(said(answerTo(['The weather in Paris and Rome in celsius'], [getWeather]))).toEqual([
    'get_weather({"city":"Paris","unit":"celsius"})',
    'get_weather({"city":"Rome","unit":"celsius"})',
  ]);
  expect(said(answerTo(['Weather and time in Oslo?'], [getWeather, time]))).toEqual([
    'get_weather({"city":"Oslo"})',
    'get_time({"city":"Oslo"})',
  ]);
  expect(said(answerTo(['Add 2 and 3 and 4'], [tool('add', { a: number, b: number })]))).toEqual([
    'add({"a":2,"b":3})',
  ]);
});

test('of two tools with a word of the question the one with more of them is called', () => {
  const rollBack = tool('roll_back', {});

  expect(said(answerTo(['Roll a dice with 6 sides'], [rollBack, rollDice]))).toEqual(['roll_dice({"sides":6})']);
  expect(said(answerTo(['Roll back'], [rollBack, rollDice]))).toEqual(['roll_back({})']);
});

test('a value that is missing is named, and nothing is made up', () => {
  const [answer] = said(answerTo(['Convert to GBP'], [convert]));

  expect(answer).toBe(
    'I would call convert, but the question has no value for amount that fits. I take values from numbers, from text in ' +
      'quotes, and from names with a capital letter.',
  );
  expect(said(answerTo(['Roll a dice with 1 side'], [rollDice]))[0]).toContain('no value for sides that fits');
});

test.each<[DemoRequest['toolChoice'], string, string]>([
  ['required', 'Hello', 'get_time({})'],
  ['required', 'Roll a dice with 6 sides', 'roll_dice({"sides":6})'],
  [{ name: 'roll_dice' }, 'What time is it at 12?', 'roll_dice({"sides":12})'],
  [{ name: 'roll_dice' }, 'Hello', 'I would call roll_dice, but the question has no value for sides that fits.'],
  [{ name: 'get_tides' }, 'Hello', 'I have to call get_tides, but I was offered no tool of that name.'],
  ['none', 'Roll a dice with 6 sides', 'This is a scripted demo model'],
])('with the tool choice %j, %s', (toolChoice, question, expected) => {
  expect(said(answerTo([question], [rollDice, getTime], { toolChoice }))[0]).toContain(expected);
});

test('when the tool choice forces a call, it calls again after a result', () => {
  const call = { callId: 'a', name: 'roll_dice', arguments: '{"sides":6}' };
  const messages = [
    { role: 'user', text: 'Roll a dice with 6 sides' },
    { role: 'assistant', text: '', calls: [call] },
    { role: 'tool', text: '4', callId: 'a' },
  ];

  expect(said(answerTo([], [rollDice], { messages }))).toEqual(['According to roll_dice (sides 6): 4.']);
  expect(said(answerTo([], [rollDice], { messages, toolChoice: 'required' }))).toEqual(['roll_dice({"sides":6})']);
});

test('a follow-up question takes what it leaves out from the previous one', () => {
  const first = ['Convert 100 from EUR to USD', 'Done.'];

  expect(said(answerTo([...first, 'And 50?'], [convert]))).toEqual(['convert({"amount":50,"from":"EUR","to":"USD"})']);
  expect(said(answerTo([...first, 'And to GBP?'], [convert]))).toEqual([
    'convert({"amount":100,"from":"EUR","to":"GBP"})',
  ]);
  expect(said(answerTo(['What is Python?', 'A language.', 'And 50?'], [convert]))[0]).not.toContain('convert(');
  expect(said(answerTo(['Roll a dice with 6 sides', '4.', 'Roll it again!'], [rollDice]))).toEqual([
    'roll_dice({"sides":6})',
  ]);
  expect(said(answerTo(['What is the weather in Oslo?', 'Snow.', 'And the time?'], [getWeather, getTime]))).toEqual([
    'get_time({"timezone":"Oslo"})',
  ]);
});

test('it never says that it was offered no tool when it was', () => {
  const questions = ['Can you cook?', 'What is the weather in Paris?', 'Is it snowing?', 'Tell me something.'];

  const answers = questions.map((question) => said(answerTo([question], [rollDice, getTime])).join());

  for (const answer of answers) expect(answer).toContain('I was offered (roll_dice, get_time)');
});

test('a result is reported with its call, and an error as an error', () => {
  const messages = [
    { role: 'user', text: 'What is the weather and the time in Oslo?' },
    {
      role: 'assistant',
      text: '',
      calls: [
        { callId: 'a', name: 'get_weather', arguments: '{"city":"Oslo"}' },
        { callId: 'b', name: 'get_time', arguments: '{"city":"Oslo"}' },
        { callId: 'c', name: 'get_time', arguments: '{}' },
      ],
    },
    { role: 'tool', text: 'Error: Function failed.', callId: 'c' },
    { role: 'tool', text: '{"hour":14,"zone":"CET"}', callId: 'b' },
    { role: 'tool', text: 'Snow.', callId: 'a' },
  ];

  expect(said(answerTo([], [getWeather, getTime], { messages }))).toEqual([
    'The weather in Oslo: Snow. get_time did not work; it said: Error: Function failed. ' +
      'According to get_time (city Oslo): hour 14, zone CET.',
  ]);
});

test('a form is filled in with the arguments and result of a tool', () => {
  const schema = { type: 'object', properties: { sides: number, rolled: number, result: number }, required: ['sides'] };
  const messages = [
    { role: 'user', text: 'Roll a dice with 6 sides' },
    { role: 'assistant', text: '', calls: [{ callId: 'a', name: 'roll_dice', arguments: '{"sides":6}' }] },
    { role: 'tool', text: '4', callId: 'a' },
  ];

  expect(said(answerTo([], [rollDice], { messages, output: { name: 'roll', schema } }))).toEqual([
    '{"sides":6,"result":4}',
  ]);
});
