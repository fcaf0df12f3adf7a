import { exercise, predicted } from '@turnstream/learn/check';
import { background, reply } from '@turnstream/testkit';
import type * as Problem from './problem.ts';

export const check = exercise<typeof Problem>(async ({ load, model }) => {
  const { evening, morning, SUMMARY, ...predictions } = await load(
    'evening',
    'morning',
    'SUMMARY',
    'answerAfterRestart',
    'messagesOnDisk',
    'modelCalls',
  );
  const { client, requests } = await model(background(reply(SUMMARY), { looks: ['done'] }));

  const disk = await evening(client);
  const { session } = JSON.parse(disk) as { session: { state: { messages?: unknown[] } } };
  const answerAfterRestart = await morning(client, disk);

  const messagesOnDisk = session.state.messages?.length ?? 0;
  const modelCalls = requests.filter(({ responseId }) => responseId === null).length;
  const { answerAfterRestart: text, messagesOnDisk: messages, modelCalls: calls } = predictions;
  predicted(
    { answerAfterRestart: text, messagesOnDisk: messages, modelCalls: calls },
    { answerAfterRestart, messagesOnDisk, modelCalls },
  );
});
