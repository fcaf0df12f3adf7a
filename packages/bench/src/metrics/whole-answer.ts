// CPU of one question with one whole answer.
import { cpuMicros } from '../cpu-time.ts';
import { checkText, type Metric } from '../scene.ts';
import { baseURL } from '../wire.ts';

const WARM_UP = 500;
const CALLS = 1000;
const CHUNKS = 20;

export const wholeAnswer: Metric = async ({ peer, origin }) => {
  const chat = peer(baseURL(origin, 'burst', CHUNKS));
  const ask = async (times: number): Promise<void> => {
    for (let call = 0; call < times; call += 1)
      checkText(await chat.ask(chat.createSession(), 'What is Python?'), CHUNKS);
  };
  await ask(WARM_UP);
  return { cpuMicros: (await cpuMicros(() => ask(CALLS))) / CALLS };
};
