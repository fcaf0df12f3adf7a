// The article's payload at POST /message:send: text and a history in, text out, and nothing stored.
import { callTool, httpError, reply } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { five, paying } from '../../paying.ts';
import { openA2A } from './rig.ts';

const history = [
  { role: 'system', content: 'Obey.' },
  { role: 'user', content: 'What is Python?' },
  { role: 'assistant', content: 'A language.' },
  { role: 'assistant', content: '' },
];

test('a message is answered after its history, without a version and without a session', async () => {
  await using rig = await openA2A({ steps: [reply('1991'), reply('Hi.')] });

  const answer = await rig.post('/message:send', { message: 'How old is it?', history });
  const alone = await rig.post('/message:send', { message: 'Hi' });

  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect([await answer.json(), await alone.json()]).toEqual([{ response: '1991' }, { response: 'Hi.' }]);
  expect(rig.model.requests.map(({ texts }) => texts)).toEqual([
    ['What is Python?', 'A language.', 'How old is it?'],
    ['Hi'],
  ]);
  expect(await (await rig.get('/sessions')).json()).toEqual({ sessions: [] });
});

test('errors have the words under `error`', async () => {
  const { pay, paid } = paying();
  await using rig = await openA2A({ agent: { tools: [pay] }, steps: [httpError(500), callTool('pay', [five])] });
  const bodies = [
    { message: ' ' },
    { message: 'x'.repeat(8_001) },
    { message: 'Hi', history: 'none' },
    { message: 'Hi', history: [{ role: 1 }] },
  ];
  const asked = [...bodies, { message: 'Hi' }, { message: 'Pay.' }];

  const answers: unknown[] = [];
  for (const body of asked) {
    const response = await rig.post('/message:send', body);
    answers.push([response.status, await response.json()]);
  }

  expect(answers).toEqual([
    [400, { error: 'No message provided' }],
    [400, { error: 'The message cannot be accepted: must have at most 8000 characters.' }],
    [400, { error: 'history: Invalid input: expected array, received string' }],
    [400, { error: 'history.0.role: Invalid input: expected string, received number' }],
    [502, { error: "The model's service failed. Ask again later." }],
    [
      400,
      {
        error:
          'The model called a tool that needs approval, which cannot be given here. Use POST /chat of this server.',
      },
    ],
  ]);
  expect(paid).toEqual([]);
});
