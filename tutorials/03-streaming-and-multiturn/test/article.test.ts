// The article's seven tests under their own names, with a scripted model and exact expectations, on both APIs.
import { mockModel, reply } from '@turnstream/testkit';
import { startDemoModel } from '@turnstream/testkit/demo';
import { expect, test } from 'vitest';
import { chat, streamAnswer } from '../chat.ts';
import { bothApis, chatAgent, pipeScreen } from './both-apis.ts';

test.each(bothApis)('test_stream_yields_multiple_chunks over %s', async (_, clientFor) => {
  using model = mockModel(reply(['Hello world, ', 'this is a ', 'longer response.']));
  const agent = chatAgent(clientFor(model.baseURL));

  const chunks = await streamAnswer(agent, 'hi', agent.createSession(), { screen: pipeScreen() });

  expect(chunks).toEqual(['Hello world, ', 'this is a ', 'longer response.']);
  expect(model.requests[0]!.body).toMatchObject({ stream: true });
});

test.each(bothApis)('test_multiturn_reuses_session over %s', async (_, clientFor) => {
  using model = mockModel(reply(['First ', 'answer']), reply(['Second ', 'answer']));
  const agent = chatAgent(clientFor(model.baseURL));

  await chat(agent, ['First question?', 'Follow-up?'], pipeScreen());

  expect(model.requests.map((request) => request.texts)).toEqual([
    ['First question?'],
    ['First question?', 'First answer', 'Follow-up?'],
  ]);
});

test.each(bothApis)('test_streamed_chunks_combine_to_full_text over %s', async (_, clientFor) => {
  using model = mockModel(reply(['abc', 'def', 'ghij']));
  const agent = chatAgent(clientFor(model.baseURL));
  const screen = pipeScreen();

  const chunks = await streamAnswer(agent, 'hi', agent.createSession(), { screen });

  expect(chunks.join('')).toBe('abcdefghij');
  expect(screen.output.text).toBe('abcdefghij\n');
});

test.each(bothApis)('test_real_llm_multiturn_preserves_context, with the demo model over %s', async (_, clientFor) => {
  await using model = await startDemoModel({ pace: { firstChunkDelayMs: 0, chunkDelayMs: 0 } });
  const agent = chatAgent(clientFor(model.baseURL));

  const [, followUp] = await chat(
    agent,
    ['What is Python in one line?', 'What year was it first released? Answer with the year only.'],
    pipeScreen(),
  );

  expect(followUp!.join('')).toBe('1991');
});

test.each(bothApis)(
  'Real_LLM_Stream_Yields_Multiple_Chunks_For_Long_Answer, with a scripted model over %s',
  async (_, clientFor) => {
    const planets = ['Mercury, ', 'Venus, ', 'Earth, ', 'Mars, ', 'Jupiter.'];
    using model = mockModel(reply(planets));
    const agent = chatAgent(clientFor(model.baseURL));
    const question = 'List 5 planets in the solar system.';

    const chunks = await streamAnswer(agent, question, agent.createSession(), { screen: pipeScreen() });

    expect(chunks).toEqual(planets);
  },
);

test.each(bothApis)(
  'Real_LLM_Multiturn_Preserves_Context_Across_Session, with the demo model over %s',
  async (_, clientFor) => {
    await using model = await startDemoModel({ pace: { firstChunkDelayMs: 0, chunkDelayMs: 0 } });
    const agent = chatAgent(clientFor(model.baseURL));

    const answers = await chat(
      agent,
      ['What is Python in one sentence?', 'What year was it first released? Say only the year.'],
      pipeScreen(),
    );

    expect(answers).toHaveLength(2);
    expect(answers[1]!.join('')).toBe('1991');
  },
);

test.each(bothApis)('Separate_Sessions_Do_Not_Share_Context over %s', async (_, clientFor) => {
  using model = mockModel(reply('I will remember it.'), reply('none'));
  const agent = chatAgent(clientFor(model.baseURL));
  const recall = "What word did I ask you to remember? If none, say 'none'.";

  await streamAnswer(agent, "Remember the word 'orange'.", agent.createSession(), { screen: pipeScreen() });
  await streamAnswer(agent, recall, agent.createSession(), { screen: pipeScreen() });

  expect(model.requests[1]!.texts).toEqual([recall]);
  expect(JSON.stringify(model.requests[1]!.body)).not.toContain('orange');
});
