// CPU of a run in the background: started, looked at twice, resumed from what is stored of it, and seen to have ended.
import { cpuMicros } from '../cpu-time.ts';
import { checkText, type Metric } from '../scene.ts';
import { baseURL } from '../wire.ts';

const WARM_UP = 150;
const RUNS = 300;
const CHUNKS = 20;

export const background: Metric = async ({ peer, origin }) => {
  const chat = peer(baseURL(origin, 'burst', CHUNKS));
  const run = async (times: number): Promise<void> => {
    for (let done = 0; done < times; done += 1)
      checkText((await chat.inBackground?.(chat.createSession(), 'Write a report.')) ?? '', CHUNKS);
  };
  await run(WARM_UP);
  return { cpuMicros: (await cpuMicros(() => run(RUNS))) / RUNS };
};
