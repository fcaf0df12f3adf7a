import { counted, equal, exercise, expected } from '@turnstream/learn/check';
import { httpError, reply } from '@turnstream/testkit';
import type * as Problem from './problem.ts';

const NOTE = 'It arrived like this.';
/** Never decoded: only the eight bytes that every PNG begins with. */
const PHOTO = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

export const check = exercise<typeof Problem>(async ({ load, model }) => {
  const { inspectReturn, BUSY } = await load('inspectReturn', 'BUSY');
  const { client, requests } = await model(reply('The handle is broken off.'), httpError(429), httpError(401));

  const answer = await inspectReturn(client, NOTE, PHOTO);

  const [request] = requests;
  const images = request?.messages.flatMap((message) => message.images ?? []);
  expected('the photo to reach the model', images?.length === 1, `it got ${counted(images?.length ?? 0, 'image')}`);
  equal('the photo', images, [{ mediaType: 'image/png', bytes: PHOTO.length }]);
  expected('the note to reach the model', request?.texts.join().includes(NOTE) === true, 'it was not there');
  equal('the answer', answer, 'The handle is broken off.');

  equal('the answer when there are too many requests', await inspectReturn(client, NOTE, PHOTO), BUSY);

  const refused = await inspectReturn(client, NOTE, PHOTO).catch((error: unknown) => error);
  const rejects = refused instanceof Error;
  expected('a refused key to be an error', rejects, `\`inspectReturn\` resolved with ${JSON.stringify(refused)}`);
});
