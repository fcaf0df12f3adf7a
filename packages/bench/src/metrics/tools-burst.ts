// CPU and promises per update of a run with tools: one round of calls, then a whole answer at once.
import { cpuMicros } from '../cpu-time.ts';
import { inParallel } from '../in-parallel.ts';
import { promisesOf } from '../promises-of.ts';
import { checkText, type Metric, readAll } from '../scene.ts';
import { baseURL } from '../wire.ts';

const WARM_UP = 20;
const STREAMS = 200;
const COUNTED_STREAMS = 20;
const UPDATES = 500;
const WIDTH = 10;

export const toolsBurst: Metric = async ({ peer, origin }) => {
  const chat = peer(baseURL(origin, 'burst-after-1', UPDATES));
  const one = async (): Promise<void> =>
    checkText(await chat.streamWithTools(chat.createSession(), 'Is it dry in Amsterdam?', readAll), UPDATES);
  await inParallel(WARM_UP, WIDTH, one);
  const micros = await cpuMicros(() => inParallel(STREAMS, WIDTH, one));
  const count = await promisesOf(() => inParallel(COUNTED_STREAMS, 1, one));
  return { cpuMicros: micros / (STREAMS * UPDATES), count: count / (COUNTED_STREAMS * UPDATES) };
};
