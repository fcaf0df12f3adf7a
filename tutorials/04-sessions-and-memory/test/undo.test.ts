// What a model sees of a conversation that was rewound.
import { mockModel, reply } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { statefulAgent } from '../stateful-agent.ts';
import { bothApis } from './both-apis.ts';

test.each(bothApis)('of a rewound conversation the model sees the turns that stay, over %s', async (_, clientFor) => {
  using model = mockModel(reply('Noted.'), reply('Noted too.'), reply('Teal.'));
  const agent = statefulAgent(clientFor(model.baseURL));
  const session = agent.createSession();
  await agent.run('My color is teal.', { session });
  await agent.run('My color is taupe.', { session });

  await agent.rewind(session);
  await agent.run('Which color?', { session });

  expect(model.requests[2]!.texts).toEqual(['My color is teal.', 'Noted.', 'Which color?']);
});
