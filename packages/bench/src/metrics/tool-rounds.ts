// CPU of one streamed run through several rounds of tool calls: what a round costs, not an update.
import { cpuMicros } from '../cpu-time.ts';
import { checkText, type Metric, readAll } from '../scene.ts';
import { baseURL } from '../wire.ts';

const WARM_UP = 100;
const RUNS = 300;
const CHUNKS = 20;

export const toolRounds: Metric = async ({ peer, origin }) => {
  const chat = peer(baseURL(origin, 'burst-after-5', CHUNKS));
  const run = async (times: number): Promise<void> => {
    for (let done = 0; done < times; done += 1)
      checkText(await chat.streamWithTools(chat.createSession(), 'Is it dry in Amsterdam?', readAll), CHUNKS);
  };
  await run(WARM_UP);
  return { cpuMicros: (await cpuMicros(() => run(RUNS))) / RUNS };
};
