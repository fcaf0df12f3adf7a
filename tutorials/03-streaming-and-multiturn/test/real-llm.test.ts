// The article's four tests against a real model. They run when `.env` names one, and are skipped by name otherwise.
import { chatClientFromEnv, hasRealModel } from '@turnstream/config';
import { expect, test } from 'vitest';
import { chat, streamAnswer } from '../chat.ts';
import { chatAgent, pipeScreen } from './both-apis.ts';

const whenReal = test.skipIf(!hasRealModel());

whenReal('test_real_llm_multiturn_preserves_context (real LLM)', { tags: ['real-model'] }, async () => {
  await using model = await chatClientFromEnv();

  const [, followUp] = await chat(
    chatAgent(model.client),
    ['What is Python in one line?', 'What year was it first released? Answer with the year only.'],
    pipeScreen(),
  );

  expect(followUp!.join('')).toContain('1991');
});

whenReal('Real_LLM_Stream_Yields_Multiple_Chunks_For_Long_Answer (real LLM)', { tags: ['real-model'] }, async () => {
  await using model = await chatClientFromEnv();
  const agent = chatAgent(model.client);
  const question = 'List 5 planets in the solar system.';

  const chunks = await streamAnswer(agent, question, agent.createSession(), { screen: pipeScreen() });

  expect(chunks.length).toBeGreaterThan(1);
  expect(chunks.join('').trim()).not.toBe('');
});

whenReal('Real_LLM_Multiturn_Preserves_Context_Across_Session (real LLM)', { tags: ['real-model'] }, async () => {
  await using model = await chatClientFromEnv();

  const answers = await chat(
    chatAgent(model.client),
    ['What is Python in one sentence?', 'What year was it first released? Say only the year.'],
    pipeScreen(),
  );

  expect(answers).toHaveLength(2);
  expect(answers[1]!.join('')).toContain('1991');
});

whenReal('Separate_Sessions_Do_Not_Share_Context (real LLM)', { tags: ['real-model'] }, async () => {
  await using model = await chatClientFromEnv();
  const agent = chatAgent(model.client);
  const recall = "What word did I ask you to remember? If none, say 'none'.";

  await streamAnswer(agent, "Remember the word 'orange'.", agent.createSession(), { screen: pipeScreen() });
  const answer = await streamAnswer(agent, recall, agent.createSession(), { screen: pipeScreen() });

  expect(answer.join('').toLowerCase()).toContain('none');
});
