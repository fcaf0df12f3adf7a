// Heap of a conversation of four short messages that nobody talks in.
import { collectedHeap } from '../collected-heap.ts';
import { inParallel } from '../in-parallel.ts';
import { checkText, type Metric, readAll } from '../scene.ts';
import { baseURL } from '../wire.ts';

const WARM_UP = 200;
const SESSIONS = 2000;
const WIDTH = 10;
const UPDATES = 2;

export const idleSession: Metric = async ({ peer, origin }) => {
  const chat = peer(baseURL(origin, 'burst', UPDATES));
  const converse = async (session: unknown, index: number): Promise<void> => {
    checkText(await chat.stream(session, received(`What is number ${index}?`), readAll), UPDATES);
    checkText(await chat.stream(session, received(`And what is it for ${index}?`), readAll), UPDATES);
  };
  await inParallel(WARM_UP, WIDTH, (index) => converse(chat.createSession(), index));
  const kept = Array.from({ length: SESSIONS }, (): unknown => null);
  await inParallel(SESSIONS, WIDTH, async (index) => {
    const session = chat.createSession();
    kept[index] = session;
    await converse(session, index);
  });
  const withSessions = await collectedHeap();
  kept.fill(null);
  // What is freed with them, and nothing that the requests left elsewhere.
  return { bytes: (withSessions - (await collectedHeap())) / SESSIONS };
};

/** In one piece, as text is that came over a wire: what is joined here would be kept in parts. */
function received(text: string): string {
  return Buffer.from(text).toString();
}
