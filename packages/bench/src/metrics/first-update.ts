// Time from the question to the first piece of text, on a warm connection.
import { median } from '../median.ts';
import { checkText, type Metric } from '../scene.ts';
import { baseURL } from '../wire.ts';

const WARM_UP = 300;
const CALLS = 500;
const UPDATES = 2;

export const firstUpdate: Metric = async ({ peer, origin }) => {
  const chat = peer(baseURL(origin, 'burst', UPDATES));
  const waits: number[] = [];
  for (let call = 0; call < WARM_UP + CALLS; call += 1) {
    const asked = performance.now();
    let firstAt = 0;
    const text = await chat.stream(chat.createSession(), 'Tell me a story.', () => {
      firstAt ||= performance.now();
      return true;
    });
    checkText(text, UPDATES);
    if (call >= WARM_UP) waits.push(firstAt - asked);
  }
  return { wallMicros: median(waits) * 1000 };
};
