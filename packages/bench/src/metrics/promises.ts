// Promises created per update: what orders libraries nearly as their CPU does, and does not depend on the machine.
import { createHook } from 'node:async_hooks';
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
  let created = 0;
  const hook = createHook({
    init(_id, type) {
      if (type === 'PROMISE') created += 1;
    },
  }).enable();
  await read(STREAMS);
  hook.disable();
  return { count: created / (STREAMS * UPDATES) };
};
