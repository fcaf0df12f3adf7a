// CPU of one conversation of 1,000 streamed turns: what the history costs as it grows.
import { cpuMicros } from '../cpu-time.ts';
import { checkText, type Metric, readAll } from '../scene.ts';
import { baseURL } from '../wire.ts';

const TURNS = 1000;
const UPDATES = 4;

export const longSession: Metric = async ({ peer, origin }) => {
  const chat = peer(baseURL(origin, 'burst', UPDATES));
  const session = chat.createSession();
  const micros = await cpuMicros(async () => {
    for (let turn = 1; turn <= TURNS; turn += 1) {
      checkText(await chat.stream(session, `Question ${turn}: what comes next in the story?`, readAll), UPDATES);
    }
  });
  return { cpuMillis: micros / 1000 };
};
