// CPU per update of a burst of which the first half is reasoning.
import { cpuMicros } from '../cpu-time.ts';
import { inParallel } from '../in-parallel.ts';
import { checkText, type Metric, readAll } from '../scene.ts';
import { baseURL } from '../wire.ts';

const WARM_UP = 20;
const STREAMS = 200;
const WORDS = 250;
const UPDATES = 2 * WORDS;
const WIDTH = 10;

export const reasoned: Metric = async ({ peer, origin }) => {
  const chat = peer(baseURL(origin, 'reasoned', WORDS));
  const one = async (): Promise<void> =>
    checkText(await chat.stream(chat.createSession(), 'Tell me a story.', readAll), WORDS);
  await inParallel(WARM_UP, WIDTH, one);
  const micros = await cpuMicros(() => inParallel(STREAMS, WIDTH, one));
  return { cpuMicros: micros / (STREAMS * UPDATES) };
};
