import { expect, test } from 'vitest';
import { Agent, AgentError } from '../../src/index.ts';
import { chatUpdate } from '../../src/seams.ts';
import { finished, scriptedClient, sentTexts, text, textsOf } from '../scripted-client.ts';

test('run answers with the text, messages, status and usage of the whole answer', async () => {
  const usage = { inputTokens: 4, outputTokens: 2, totalTokens: 6 };
  const client = scriptedClient([
    chatUpdate({ contents: [{ type: 'text', text: 'A lang' }], role: 'assistant', messageId: 'm1', responseId: 'r1' }),
    'uage.',
    chatUpdate({ finishReason: 'stop', usage }),
  ]);
  const agent = new Agent({ client, name: 'guide' });

  const response = await agent.run('What is Python?');

  expect(response).toEqual({
    text: 'A language.',
    messages: [{ role: 'assistant', contents: 'A language.', authorName: 'guide', messageId: 'm1' }],
    status: 'completed',
    finishReason: 'stop',
    usage,
    responseId: 'r1',
    metadata: null,
    approvals: [],
    value: undefined,
  });
  expect(client.requests[0]?.stream).toBe(false);
});

test('run sends the instructions of the agent and then those of the run', async () => {
  const client = scriptedClient(['Hi', finished], ['Hi', finished]);
  const agent = new Agent({ client, instructions: 'Be brief.' });

  await agent.run('Hello', { instructions: 'Use capitals.' });
  agent.instructions = 'Be long.';
  await agent.run('Hello');

  expect(client.requests.map((request) => request.instructions)).toEqual(['Be brief.\nUse capitals.', 'Be long.']);
});

test('a list of inputs becomes one message each, and the caller can change its objects afterwards', async () => {
  const client = scriptedClient(['Blue', finished], ['Green', finished]);
  const agent = new Agent({ client });
  const session = agent.createSession();
  const fact = { role: 'assistant' as const, contents: 'Noted.' };

  await agent.run(['The sea is blue.', fact, 'Which color?'], { session });
  fact.contents = 'changed';
  await agent.run('And grass?', { session });

  expect(sentTexts(client)).toEqual([
    ['The sea is blue.', 'Noted.', 'Which color?'],
    ['The sea is blue.', 'Noted.', 'Which color?', 'Blue', 'And grass?'],
  ]);
});

test.each([
  ['', 'Input message 0 is blank'],
  ['  \n', 'Input message 0 is blank'],
  [[], 'The input is an empty list'],
  [['Hello', { role: 'user', contents: [] }], 'Input message 1 has no contents'],
  [{ role: 'robot', contents: 'Hello' }, 'Input message 0 is not a message: "role" is not one this library reads'],
  [{ role: 'user', contents: [{ type: 'text' }] }, 'Input message 0 is not a message: "contents[0].text" is missing'],
  [{ role: 'user', contents: 'Hello', at: new Date(0) }, 'Input message 0 cannot be stored: it.at is a class instance'],
])('input %j is refused before anything is sent', async (input, problem) => {
  const client = scriptedClient();
  const agent = new Agent({ client });

  const run = agent.run(input as string);

  await expect(run).rejects.toThrow(problem);
  await expect(run).rejects.toMatchObject({ code: 'input_invalid' });
  expect(client.requests).toEqual([]);
});

test('finish reasons length and content_filter leave the answer incomplete', async () => {
  const client = scriptedClient(
    ['Once upon', chatUpdate({ finishReason: 'length' })],
    ['Once', chatUpdate({ finishReason: 'content_filter' })],
  );
  const agent = new Agent({ client });

  const long = await agent.run('A story');
  const filtered = await agent.run('A story');

  expect([long.status, filtered.status]).toEqual(['incomplete', 'incomplete']);
  expect(long.messages).toEqual([{ role: 'assistant', contents: 'Once upon', status: 'incomplete' }]);
});

test("usage has the counts of ours alone, and not a client's own members, which no token could carry", async () => {
  const usage = { inputTokens: 4, outputTokens: 2, totalTokens: 6, costCents: 1 };
  const client = scriptedClient(['Hello.', chatUpdate({ finishReason: 'stop', usage })]);

  const response = await new Agent({ client }).run('Hi');

  expect(response.usage).toEqual({ inputTokens: 4, outputTokens: 2, totalTokens: 6 });
});

test('usage stays null when the service says nothing', async () => {
  const agent = new Agent({ client: scriptedClient(['Hi', finished]) });

  const response = await agent.run('Hello');

  expect(response.usage).toBeNull();
});

test('a failed answer rejects with the error, and the error carries what was delivered', async () => {
  const failure = new AgentError('stream_truncated', 'The stream ended early.');
  const agent = new Agent({ client: scriptedClient(['Half an ', failure]) });

  const run = agent.run('Tell me');

  await expect(run).rejects.toBe(failure);
  expect(failure.partial).toMatchObject({ text: 'Half an ', status: 'failed' });
  expect(JSON.stringify(failure)).not.toContain('Half');
});

test('reasoning is a content of its own and not part of the text; a refusal is read like text', async () => {
  const client = scriptedClient([
    chatUpdate({ contents: [{ type: 'text_reasoning', text: 'Think', id: 'rs_1' }] }),
    chatUpdate({ contents: [{ type: 'text_reasoning', text: ' hard', id: 'rs_1' }] }),
    chatUpdate({ contents: [{ type: 'refusal', text: 'I cannot' }] }),
    chatUpdate({ contents: [{ type: 'refusal', text: ' do that.' }] }),
    finished,
  ]);
  const agent = new Agent({ client });

  const response = await agent.run('Hack the bank');

  expect(response.text).toBe('I cannot do that.');
  expect(response.messages[0]?.contents).toEqual([
    { type: 'text_reasoning', text: 'Think hard', id: 'rs_1' },
    { type: 'refusal', text: 'I cannot do that.' },
  ]);
});

test('contents keep the order they came in', async () => {
  const client = scriptedClient([
    'Say ',
    'first',
    chatUpdate({ contents: [{ type: 'text_reasoning', text: 'hm', id: 'rs_1' }] }),
    chatUpdate({ contents: [{ type: 'text_reasoning', text: 'ah', id: 'rs_2' }] }),
    'then',
    finished,
  ]);
  const agent = new Agent({ client });

  const response = await agent.run('Go');

  expect(response.messages[0]?.contents).toEqual([
    { type: 'text', text: 'Say first' },
    { type: 'text_reasoning', text: 'hm', id: 'rs_1' },
    { type: 'text_reasoning', text: 'ah', id: 'rs_2' },
    { type: 'text', text: 'then' },
  ]);
});

test('a new message starts when the role changes or when a new message id comes', async () => {
  const client = scriptedClient([
    chatUpdate({ contents: [{ type: 'text', text: 'a' }], role: 'assistant' }),
    chatUpdate({ contents: [{ type: 'text', text: 'b' }], messageId: 'm1' }),
    chatUpdate({ contents: [{ type: 'text', text: 'c' }], messageId: 'm2' }),
    chatUpdate({ contents: [{ type: 'text', text: 'd' }], role: 'tool' }),
    finished,
  ]);
  const agent = new Agent({ client });

  const response = await agent.run('Go');

  expect(response.messages).toEqual([
    { role: 'assistant', contents: 'ab', messageId: 'm1' },
    { role: 'assistant', contents: 'c', messageId: 'm2' },
    { role: 'tool', contents: 'd' },
  ]);
  expect(response.text).toBe('abc');
});

test('a client that yields rubbish fails the run instead of hanging it', async () => {
  const rubbish = { ...text('x'), contents: undefined } as never;
  const agent = new Agent({ client: scriptedClient([rubbish]) });

  const run = agent.run('Go');

  await expect(run).rejects.toThrow(TypeError);
});

test('a client that throws instead of rejecting fails the run instead of hanging it', async () => {
  const broken = new Error('broken');
  const pulls = [Promise.resolve({ done: false as const, value: text('A') })];
  const next = (): Promise<{ done: false; value: ReturnType<typeof text> }> => {
    const pull = pulls.shift();
    if (pull === undefined) throw broken;
    return pull;
  };
  const client = { send: () => ({ [Symbol.asyncIterator]: () => ({ next }) }) };
  const stream = new Agent({ client }).runStreaming('Go');

  const reading = textsOf(stream);

  await expect(reading).rejects.toBe(broken);
  await expect(stream.finalResponse()).rejects.toBe(broken);
});

test('an error of a run that delivered nothing has no partial answer', async () => {
  const refused = new AgentError('auth', 'The key was refused.');
  const roleOnly = new AgentError('stream_truncated', 'The stream ended early.');
  const agent = new Agent({ client: scriptedClient([refused], [chatUpdate({ role: 'assistant' }), roleOnly]) });

  const errors = [
    await agent.run('Go').catch((error: unknown) => error),
    await agent.run('Go').catch((error) => error),
  ];

  expect(errors).toEqual([refused, roleOnly]);
  expect([refused.partial, roleOnly.partial]).toEqual([undefined, undefined]);
});
