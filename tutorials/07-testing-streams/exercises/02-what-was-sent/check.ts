import type { AgentSession } from '@turnstream/core';
import { exercise } from '@turnstream/learn/check';
import { agentAt } from '../chats.ts';
import { expectToFind } from '../run-test.ts';
import type * as Problem from './problem.ts';

export const check = exercise<typeof Problem>(async ({ load }) => {
  const { test } = await load('test');

  await expectToFind<Problem.OpenChat>(test, openRight, {
    'one session for all customers': openShared,
    'the instructions mention the last customer': openTelling('instructions'),
    'the question mentions the last customer': openTelling('question'),
  });
});

const openRight: Problem.OpenChat = (baseURL) => {
  const agent = agentAt(baseURL);
  const sessions = new Map<string, AgentSession>();
  return {
    async ask(customer, question) {
      const session = sessions.get(customer) ?? agent.createSession();
      sessions.set(customer, session);
      return (await agent.run(question, { session })).text;
    },
  };
};

const openShared: Problem.OpenChat = (baseURL) => {
  const agent = agentAt(baseURL);
  const session = agent.createSession();
  return { ask: async (_customer, question) => (await agent.run(question, { session })).text };
};

function openTelling(where: 'instructions' | 'question'): Problem.OpenChat {
  return (baseURL) => {
    const agent = agentAt(baseURL);
    let last = '';
    return {
      async ask(_customer, question) {
        const context = last === '' ? '' : `The last customer wrote: ${last} `;
        last = question;
        const { text } =
          where === 'question'
            ? await agent.run(context + question)
            : await agent.run(question, { instructions: `${context}You work for a shoe shop.` });
        return text;
      },
    };
  };
}
