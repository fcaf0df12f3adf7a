import { setImmediate } from 'node:timers/promises';
import { Agent, AgentError } from '@turnstream/core';
import { equal, exercise, expected, inTime } from '@turnstream/learn/check';
import { background, reply, responseFailed } from '@turnstream/testkit';
import type * as Problem from './problem.ts';

const TOO_MANY = 20;

export const check = exercise<typeof Problem>(async ({ load, model }) => {
  const { waitFor } = await load('waitFor');
  const patient = await model(background(reply('Ten returns.'), { looks: ['queued', 'in_progress', 'in_progress'] }));
  const asking = await model(
    background(reply('Ten returns.'), { looks: ['queued'], openHeaders: { 'retry-after': '7' } }),
  );
  const broken = await model(
    background(reply('Ten', { fault: responseFailed({ chunks: 0 }) }), { looks: ['in_progress'] }),
  );

  const calm = await waiting(patient);
  equal('what `waitFor` resolves with', calm.text, 'Ten returns.');
  equal('the pauses of a run that is open for three polls', calm.pauses, [1_000, 1_000, 1_000]);
  equal('the number of polls', patient.requests.filter(({ method }) => method === 'GET').length, 4);
  const asked = await waiting(asking);
  equal('the pause when the service asks for 7 seconds', asked.pauses, [7_000]);
  const failed = await waiting(broken);
  expected('a failed run to be an error', failed.error !== null, '`waitFor` resolved as if there were an answer');
  const code = failed.error instanceof AgentError ? failed.error.code : null;
  equal('the code of the error of a failed run', code, 'response_failed');

  async function waiting({ client }: typeof patient) {
    const run = await new Agent({ client }).runInBackground('Summarize the returns.');
    const pauses: number[] = [];
    const pause = async (ms: number): Promise<void> => {
      expected('the waiting to end with the run', pauses.length < TOO_MANY, `it is ${run.status}, and you still poll`);
      pauses.push(ms);
      await setImmediate();
    };
    const settled = waitFor(run, pause).then(
      (text) => ({ text, error: null }),
      (error: unknown) => ({ text: '', error }),
    );
    const result = await inTime('`waitFor` to end with the run', settled);
    // The stub, and an expectation of `pause`, are for the learner as they are.
    if (result.error !== null && !(result.error instanceof AgentError)) throw result.error;
    return { ...result, pauses };
  }
});
