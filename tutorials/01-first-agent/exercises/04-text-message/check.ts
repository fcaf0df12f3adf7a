import { equal, exercise, expected } from '@turnstream/learn/check';
import { reply } from '@turnstream/testkit';
import type * as Problem from './problem.ts';

const QUESTION = 'Announce that the shop is closed from 24 to 27 December.';
const ANSWERS = ['The shop takes a holiday.', 'Closed 24-27 Dec.'];

export const check = exercise<typeof Problem>(async ({ load, model }) => {
  const { announce } = await load('announce');
  const { client, requests } = await model(...ANSWERS.map((text) => reply(text)));

  const { page, sms } = await announce(client, QUESTION);

  const limits = requests.map(({ body }) => body['max_output_tokens']);
  const [forPage, forSms] = [limits.indexOf(400), limits.indexOf(60)];
  expected('one request with 400 tokens', forPage !== -1, `the limits were ${shown(limits)}`);
  expected('one request with 60 tokens', forSms !== -1, `the limits were ${shown(limits)}`);
  equal('the model of the text message', requests[forSms]?.body['model'], 'gpt-5-mini');
  equal('the model of the page', requests[forPage]?.body['model'], 'gpt-5');
  equal('the reasoning for the page', requests[forPage]?.body['reasoning'], { effort: 'low' });
  equal('the reasoning for the text message', requests[forSms]?.body['reasoning'], { effort: 'low' });
  equal(
    'the messages of both requests',
    requests.map(({ texts }) => texts),
    [[QUESTION], [QUESTION]],
  );
  equal('what `announce` resolves with', { page, sms }, { page: ANSWERS[forPage], sms: ANSWERS[forSms] });
});

function shown(limits: readonly unknown[]): string {
  return limits.map((limit) => JSON.stringify(limit) ?? 'none').join(' and ') || 'none, as the model was not asked';
}
