// CPU per update when each comes in a read of its own, as a model sends.
import { cpuMicros } from '../cpu-time.ts';
import { inParallel } from '../in-parallel.ts';
import { checkText, type Metric, readAll } from '../scene.ts';
import { baseURL } from '../wire.ts';

const STREAMS = 50;
const WARM_UP_UPDATES = 50;
const UPDATES = 200;

export const paced: Metric = async ({ peer, origin }) => {
  const all = (updates: number): Promise<void> => {
    const chat = peer(baseURL(origin, 'paced', updates));
    return inParallel(STREAMS, STREAMS, async () =>
      checkText(await chat.stream(chat.createSession(), 'Tell me a story.', readAll), updates),
    );
  };
  await all(WARM_UP_UPDATES);
  return { cpuMicros: (await cpuMicros(() => all(UPDATES))) / (STREAMS * UPDATES) };
};
