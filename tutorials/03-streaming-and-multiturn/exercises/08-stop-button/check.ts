import { Agent } from '@turnstream/core';
import { counted, equal, exercise, expected, inTime } from '@turnstream/learn/check';
import { reply, stallAfter } from '@turnstream/testkit';
import type * as Problem from './problem.ts';

export const check = exercise<typeof Problem>(async ({ load, model }) => {
  const { openChat } = await load('openChat');
  const { client, requests } = await model(
    reply(['Yes, ', 'three.']),
    reply(['The blue ', 'one ', 'holds a quarter of a liter.'], { fault: stallAfter({ chunks: 2 }) }),
    reply('The white one.'),
  );
  const chat = openChat(new Agent({ client }));
  const first: string[] = [];

  await inTime(
    'the first answer',
    chat.ask('Do you have mugs?', (text) => first.push(text)),
  );

  const isStreamed = requests[0]?.body['stream'] === true;
  expected('the first answer to be streamed', isStreamed, 'the whole answer was asked for at once');
  equal('the first answer', first.join(''), 'Yes, three.');

  const silent = Promise.withResolvers<void>();
  const second: string[] = [];
  const asked = chat.ask('Tell me about each.', (text) => {
    second.push(text);
    if (second.join('').endsWith('one ')) silent.resolve();
  });
  await inTime('the words of the second answer', Promise.race([silent.promise, asked]));
  chat.stop();
  const ended = asked.then(
    () => 'resolved',
    (error: unknown) => `it rejected with ${String(error)}`,
  );
  const how = await inTime('`ask` to end when the customer presses Stop', ended);
  expected('`ask` to resolve after Stop', how === 'resolved', how);
  await inTime("the model's connection to be closed", requests[1]?.closed ?? Promise.resolve());

  chat.stop();
  const third: string[] = [];
  await inTime(
    'the third answer',
    chat.ask('Which is the largest?', (text) => third.push(text)),
  );

  const texts = requests[2]?.texts;
  expected('a third request, after the second answer was stopped', texts !== undefined, 'the model got none');
  const carried = counted(texts.length, 'message');
  expected('the third request to carry the whole turn and the question', texts.length === 3, `it carried ${carried}`);
  equal('its messages', texts, ['Do you have mugs?', 'Yes, three.', 'Which is the largest?']);
  equal('the third answer', third.join(''), 'The white one.');
});
