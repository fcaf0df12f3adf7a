// 2,000 streams left half-way while the model is silent: each must be closed at the model, and nothing may stay behind.
// Connections are counted without the one that asks for their number.
import { collectedHeap } from '../collected-heap.ts';
import { inParallel } from '../in-parallel.ts';
import { checkText, type Metric, type Scene } from '../scene.ts';
import { baseURL } from '../wire.ts';

const STREAMS = 2000;
const WIDTH = 10;
const UPDATES = 40;
const CLOSING_MS = 2000;

export const stopped: Metric = async ({ peer, origin }) => {
  const chat = peer(baseURL(origin, 'held', UPDATES));
  const leave = async (): Promise<void> => {
    let seen = 0;
    const text = await chat.stream(chat.createSession(), 'Tell me a story.', () => {
      seen += 1;
      return seen < UPDATES / 2;
    });
    checkText(text, UPDATES / 2);
  };
  await inParallel(STREAMS / 2, WIDTH, leave);
  const halfWay = await collectedHeap();
  await inParallel(STREAMS / 2, WIDTH, leave);
  const heap = await collectedHeap();
  const closed = await closedAtModel(origin);
  return {
    closed,
    connections: (await numberAt(`${origin}/connections`)) - 1,
    bytes: (heap - halfWay) / (STREAMS / 2),
  };
};

async function numberAt(url: string): Promise<number> {
  return Number(await (await fetch(url)).text());
}

/** Closing is seen a moment later at the other end. */
async function closedAtModel(origin: Scene['origin']): Promise<number> {
  const deadline = performance.now() + CLOSING_MS;
  let closed = 0;
  do closed = await numberAt(`${origin}/closed-early`);
  while (closed < STREAMS && performance.now() < deadline);
  return closed;
}
