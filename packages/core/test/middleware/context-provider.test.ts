// Context providers and instructions that depend on the run.
import { expect, test, vi } from 'vitest';
import { Agent, AgentError, contextProvider, tool } from '../../src/index.ts';
import { chatUpdate } from '../../src/seams.ts';
import { finished, scriptedClient, sentTexts } from '../scripted-client.ts';

const note = (contents: string) => ({ role: 'user' as const, contents });

test('what a provider adds is sent with the run and never stored', async () => {
  const client = scriptedClient(['Hi Ann', finished], ['Bye', finished]);
  const stock = tool({ name: 'stock', description: 'Counts the stock.', execute: () => '3' });
  const profile = contextProvider({
    provide: ({ session }) => ({
      instructions: `The user is ${String(session?.state['user'])}.`,
      messages: [note('Ann likes tea.')],
      tools: [stock],
    }),
  });
  const agent = new Agent({ client, instructions: 'Be kind.', middleware: [profile] });
  const session = agent.createSession();
  session.state['user'] = 'Ann';

  await agent.run('Hello', { session });
  await agent.run('Bye', { session });

  expect(client.requests[0]).toMatchObject({ instructions: 'Be kind.\nThe user is Ann.', tools: [{ name: 'stock' }] });
  expect(sentTexts(client)[1]).toEqual(['Hello', 'Hi Ann', 'Ann likes tea.', 'Bye']);
  expect(JSON.stringify(await agent.transcript(session))).not.toContain('tea');
});

test('a provider learns from a whole answer, with its question', async () => {
  const learn = vi.fn<(run: { question: unknown }, response: { text: string }) => void>();
  const agent = new Agent({
    client: scriptedClient(['Noted', '.', finished]),
    middleware: [contextProvider({ learn })],
  });

  await agent.run('I like tea');

  const [run, response] = learn.mock.calls[0]!;
  expect([run.question, response.text]).toEqual([[note('I like tea')], 'Noted.']);
  expect(learn).toHaveBeenCalledTimes(1);
});

test('nothing is learned from an answer that broke off', async () => {
  const learn = vi.fn<() => void>();
  const client = scriptedClient(['Half', new AgentError('stream_truncated', 'cut')]);
  const agent = new Agent({ client, middleware: [contextProvider({ learn })] });

  await expect(agent.run('Go')).rejects.toMatchObject({ code: 'stream_truncated' });

  expect(learn).not.toHaveBeenCalled();
});

test.each(['length', 'content_filter'])(
  'nothing is learned from an answer that ended with %s',
  async (finishReason) => {
    const learn = vi.fn<() => void>();
    const client = scriptedClient(['Half', chatUpdate({ finishReason })]);

    const { status } = await new Agent({ client, middleware: [contextProvider({ learn })] }).run('Go');

    expect(status).toBe('incomplete');
    expect(learn).not.toHaveBeenCalled();
  },
);

test('a context provider may return null for what it does not add', async () => {
  const nothing = { instructions: null, messages: null, tools: null };
  const client = scriptedClient(['Hi', finished]);
  const agent = new Agent({ client, middleware: [contextProvider({ provide: () => nothing as never })] });

  const { text } = await agent.run('Hello');

  expect(text).toBe('Hi');
  expect(sentTexts(client)).toEqual([['Hello']]);
});

test('a provider that fails ends the run before anything is sent', async () => {
  const client = scriptedClient(['Hi', finished]);
  const failing = contextProvider({ provide: () => Promise.reject(new Error('search is down')) });

  await expect(new Agent({ client, middleware: [failing] }).run('Hello')).rejects.toThrow('search is down');

  expect(client.requests).toEqual([]);
});

test('instructions can be a function of the run, called for each', async () => {
  const client = scriptedClient(['Hallo', finished], ['Hello', finished]);
  const agent = new Agent({
    client,
    instructions: async ({ session }) => `Answer in ${String(session?.state['language'])}.`,
  });
  const session = agent.createSession();

  session.state['language'] = 'German';
  await agent.run('Hi', { session, instructions: 'Be brief.' });
  session.state['language'] = 'English';
  await agent.run('Hi', { session });

  expect(client.requests.map(({ instructions }) => instructions)).toEqual([
    'Answer in German.\nBe brief.',
    'Answer in English.',
  ]);
});

test('a function for instructions that returns no text is refused', async () => {
  const agent = new Agent({ client: scriptedClient(), instructions: (() => undefined) as unknown as () => string });

  await expect(agent.run('Hi')).rejects.toMatchObject({
    code: 'config_invalid',
    message: 'The function for instructions returned undefined; it must return text.',
  });
});
