// CPU per update when the whole answer is there at once: what the library itself costs.
import { cpuMicros } from '../cpu-time.ts';
import { inParallel } from '../in-parallel.ts';
import { checkText, type Metric, readAll } from '../scene.ts';
import { baseURL } from '../wire.ts';

const WARM_UP = 20;
const STREAMS = 200;
const UPDATES = 500;
const WIDTH = 10;

export const burst: Metric = async ({ peer, origin }) => {
  const chat = peer(baseURL(origin, 'burst', UPDATES));
  const one = async (): Promise<void> =>
    checkText(await chat.stream(chat.createSession(), 'Tell me a story.', readAll), UPDATES);
  await inParallel(WARM_UP, WIDTH, one);
  const micros = await cpuMicros(() => inParallel(STREAMS, WIDTH, one));
  return { cpuMicros: micros / (STREAMS * UPDATES) };
};
