import { equal, exercise, expected } from '@turnstream/learn/check';
import { httpError, reply, type Step } from '@turnstream/testkit';
import type * as Problem from './problem.ts';

const KEY = 'sk-shop-7f3a91c2';
const QUESTION = 'Where is my order, sent to 12 Harbour Lane?';

export const check = exercise<typeof Problem>(async ({ load, model }) => {
  const { ask } = await load('ask');
  const refused = httpError(401, { code: 'invalid_api_key', message: `Incorrect API key provided: ${KEY}.` });
  const quoted = httpError(400, { code: 'content_filter', message: `This was refused: ${QUESTION}` });

  const [first, second, third] = [await asked(refused), await asked(quoted), await asked(reply('On its way.'))];

  for (const { log } of [first, second]) {
    expected('no key in the log', !log.includes(KEY.slice(3)), `the log held ${quote(log)}`);
    const words = QUESTION.split(/[ ,?]+/).filter((word) => word.length > 4);
    const told = words.find((word) => log.includes(word));
    expected("none of the customer's words in the log", told === undefined, `the log held ${quote(log)}`);
  }
  expected('the log to say what went wrong', /401|invalid_api_key|auth/.test(first.log), `it said ${quote(first.log)}`);
  equal('what `ask` resolves with when the service refuses', [first.answer, second.answer], [null, null]);
  equal('what `ask` resolves with when it does not', third.answer, 'On its way.');

  async function asked(step: Step): Promise<{ readonly answer: string | null; readonly log: string }> {
    const { baseURL } = await model(step);
    const lines: string[] = [];
    const answer = await ask(QUESTION, { baseURL, apiKey: KEY, log: (line) => lines.push(line) });
    return { answer, log: lines.join('\n') };
  }
});

function quote(log: string): string {
  return log === '' ? 'nothing' : `"${log}"`;
}
