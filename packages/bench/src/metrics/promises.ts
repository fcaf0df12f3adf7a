// Promises created per update of a burst.
import { promisesOf } from '../promises-of.ts';
import { checkText, type Metric, readAll } from '../scene.ts';
import { baseURL } from '../wire.ts';

const WARM_UP = 3;
const STREAMS = 20;
const UPDATES = 500;

export const promises: Metric = async ({ peer, origin }) => {
  const chat = peer(baseURL(origin, 'burst', UPDATES));
  const read = async (times: number): Promise<void> => {
    for (let stream = 0; stream < times; stream += 1) {
      checkText(await chat.stream(chat.createSession(), 'Tell me a story.', readAll), UPDATES);
    }
  };
  await read(WARM_UP);
  return { count: (await promisesOf(() => read(STREAMS))) / (STREAMS * UPDATES) };
};
