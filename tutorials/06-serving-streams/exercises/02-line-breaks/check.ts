import { Agent } from '@turnstream/core';
import { equal, exercise, expected } from '@turnstream/learn/check';
import { reply } from '@turnstream/testkit';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import type * as Problem from './problem.ts';

const PIECES = [
  'We open:\n',
  '- Monday to Friday, 9 to 18\n\n- Saturday, 10 to 14',
  '  and on "Black Friday" at 7\r\n',
  '\n\nevent: refund\ndata: {"order":17}\n\n',
  'Until 50 % off\\n\r.',
];

export const check = exercise<typeof Problem>(async ({ load, model }) => {
  const { frame, textOf } = await load('frame', 'textOf');
  const { client } = await model(reply(PIECES));

  let wire = '';
  for await (const { text } of new Agent({ client }).runStreaming('When do you open?')) {
    if (text !== '') wire += frame(text);
  }
  const events = read(wire);

  for (const [index, piece] of PIECES.entries()) {
    const data = events[index]?.data;
    const shown = data === undefined ? undefined : textOf(data);
    const but = data === undefined ? 'it did not arrive' : `the page got ${JSON.stringify(shown)}`;
    expected(`a piece of the answer to reach the page as it is, ${JSON.stringify(piece)}`, shown === piece, but);
  }
  equal('the number of events', events.length, PIECES.length);
});

function read(wire: string): EventSourceMessage[] {
  const events: EventSourceMessage[] = [];
  createParser({ onEvent: (event) => events.push(event) }).feed(wire);
  return events;
}
