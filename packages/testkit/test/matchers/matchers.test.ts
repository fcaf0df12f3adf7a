import '../../src/matchers/index.ts';
import { expect, expectTypeOf, test } from 'vitest';
import { mockModel, type RecordedRequest, reply } from '../../src/index.ts';
import { post, responsesPath } from '../reader.ts';

const updates = ['', 'A lang', '', 'uage.', ''].map((text) => ({ text }));

/** What the model recorded of calls that sent these conversations; speakers take turns, the user first. */
async function requestsOf(...conversations: string[][]): Promise<readonly RecordedRequest[]> {
  using model = mockModel(...conversations.map(() => reply('A')));
  for (const texts of conversations) {
    const input = texts.map((content, index) => ({ role: index % 2 === 0 ? 'user' : 'assistant', content }));
    await post(model, responsesPath, { input, instructions: 'Be brief.' });
  }
  return model.requests;
}

function failureOf(assertion: () => void): string {
  try {
    assertion();
    return 'no failure';
  } catch (error) {
    return (error as Error).message;
  }
}

test('toBeStreamedInChunks() compares the texts that are not empty, exactly', () => {
  expect(updates).toBeStreamedInChunks(['A lang', 'uage.']);
  expect(updates).toBeStreamedInChunks(2);
  expect(updates).not.toBeStreamedInChunks(['A language.']);
  expect(updates).not.toBeStreamedInChunks(['A lang', 'uage.', '']);
  expect(updates).not.toBeStreamedInChunks(['uage.', 'A lang']);
  expect(updates).not.toBeStreamedInChunks(1);
});

test('toBeStreamedInChunks() says in which chunks the text came', () => {
  const came = 'and it came in 2: ["A lang","uage."]';

  const messages = [
    failureOf(() => expect(updates).toBeStreamedInChunks(['A language.'])),
    failureOf(() => expect(updates).toBeStreamedInChunks(3)),
    failureOf(() => expect(updates).not.toBeStreamedInChunks(2)),
    failureOf(() => expect(updates).not.toBeStreamedInChunks(['A lang', 'uage.'])),
  ];

  expect(messages).toEqual([
    `expected the text to come in the chunks ["A language."], ${came}`,
    `expected the text to come in 3 chunks, ${came}`,
    `expected the text not to come in 2 chunks, ${came}`,
    `expected the text not to come in the chunks ["A lang","uage."], ${came}`,
  ]);
});

test('toGrowHistory() wants each call to start with all of the one before, and to add to it', async () => {
  const growing = await requestsOf(['q1'], ['q1', 'a1', 'q2'], ['q1', 'a1', 'q2', 'a2', 'q3']);

  expect(growing).toGrowHistory();
  expect(() => expect(growing).not.toGrowHistory()).toThrow(
    'expected the history not to grow, but each of the 3 model calls replays the one before',
  );
});

test.each([
  ['nothing is replayed', [['q1'], ['q2']], 'call 2', 'call 1', 'message 1 was user "q1" and is user "q2"'],
  ['nothing is added', [['q1'], ['q1']], 'call 2', 'call 1', 'it sends the same 1 messages again'],
  [
    'the end is lost',
    [
      ['q1', 'a1', 'q2'],
      ['q1', 'a1'],
    ],
    'call 2',
    'call 1',
    'message 3 was user "q2" and is missing',
  ],
  [
    'an old answer changes later on',
    [['q1'], ['q1', 'a1', 'q2'], ['q1', 'A1', 'q2', 'a2', 'q3']],
    'call 3',
    'call 2',
    'message 2 was assistant "a1" and is assistant "A1"',
  ],
])('toGrowHistory() fails when %s', async (_, conversations, later, earlier, fault) => {
  const requests = await requestsOf(...conversations);

  expect(requests).not.toGrowHistory();
  expect(() => expect(requests).toGrowHistory()).toThrow(
    `expected model ${later} to replay the history of ${earlier} and add to it, but ${fault}`,
  );
});

test('toGrowHistory() fails when a message changes its speaker', async () => {
  using model = mockModel(reply('A'), reply('A'));
  await post(model, responsesPath, { input: [{ role: 'user', content: 'q1' }] });
  await post(model, responsesPath, {
    input: [
      { role: 'assistant', content: 'q1' },
      { role: 'user', content: 'q2' },
    ],
  });

  expect(() => expect(model.requests).toGrowHistory()).toThrow('message 1 was user "q1" and is assistant "q1"');
});

test('toGrowHistory() tells calls from results and ignores background polls', async () => {
  const question = { role: 'user', content: 'Weather?' };
  const turn = (callId: string, city: string): object[] => [
    question,
    { type: 'function_call', call_id: callId, name: 'get_weather', arguments: `{"city":"${city}"}` },
    { type: 'function_call_output', call_id: callId, output: 'Snow' },
  ];
  const grown = [[question], turn('a', 'Oslo'), [...turn('a', 'Oslo'), question]];
  const changed = [turn('a', 'Oslo'), [...turn('b', 'Lima'), question]];
  const inputs = [...grown, ...changed];
  using model = mockModel(...inputs.map(() => reply('A')));
  for (const input of inputs) await post(model, responsesPath, { input, background: true });
  await fetch(`${model.baseURL}${responsesPath}/resp_1`);
  const [first, second, third, fourth, fifth, look] = model.requests;

  expect([first!, look!, second!, third!]).toGrowHistory();
  expect(() => expect([fourth!, fifth!]).toGrowHistory()).toThrow(
    'message 2 was assistant "" calling get_weather({"city":"Oslo"}) as a and is ' +
      'assistant "" calling get_weather({"city":"Lima"}) as b',
  );
  expect(() => expect([first!, look!]).toGrowHistory()).toThrow('needs at least 2 model calls of a session, got 1');
});

test('toShareNoHistoryWith() finds messages of the other session', async () => {
  const ofA = await requestsOf(['What is Python?'], ['What is Python?', 'A language.', 'How old is it?']);
  const ofB = await requestsOf(['How old is it?'], ['How old is it?', 'I cannot know.', 'Thanks.']);
  const leaked = await requestsOf(['What is Python?', 'A language.', 'How old is it?']);

  expect(ofB).toShareNoHistoryWith(ofA);
  expect(leaked).not.toShareNoHistoryWith(ofA);
  expect(() => expect(leaked).toShareNoHistoryWith(ofA)).toThrow(
    'expected the sessions to share no history, but call 1 sends user "What is Python?", ' +
      'call 1 sends assistant "A language.", which belongs to the other',
  );
  expect(() => expect(ofB).not.toShareNoHistoryWith(ofA)).toThrow(
    'expected the sessions to share history, but no message of one was sent in the other',
  );
});

test('vacuous claims about history are refused', async () => {
  const one = await requestsOf(['q1']);

  expect(() => expect(one).toGrowHistory()).toThrow('toGrowHistory() needs at least 2 model calls of a session, got 1');
  expect(() => expect(one).not.toGrowHistory()).toThrow('needs at least 2 model calls');
  expect(() => expect(one).toShareNoHistoryWith([])).toThrow('needs model calls on both sides, got 1 and 0');
  expect(() => expect([]).toShareNoHistoryWith(one)).toThrow('needs model calls on both sides, got 0 and 1');
});

test('the matchers are known to the type checker', () => {
  expectTypeOf(expect(updates).toBeStreamedInChunks).parameter(0).toEqualTypeOf<readonly string[] | number>();
  expectTypeOf(expect(updates).toGrowHistory).returns.toEqualTypeOf<void>();
  expectTypeOf(expect(updates).toShareNoHistoryWith).parameter(0).toEqualTypeOf<readonly RecordedRequest[]>();
});
