// The readers in a process of their own: nothing they cost is counted as the server's.
import { type Asked, Reader } from './readers.ts';

/** Opens streams and keeps reading them, reads whole answers one after another, or says how many events were read. */
export type Order =
  | { readonly kind: 'streams'; readonly asked: Asked; readonly readers: number }
  | { readonly kind: 'answers'; readonly asked: Asked; readonly readers: number; readonly each: number }
  | { readonly kind: 'count' };

/** At a time: fewer than a server lets wait. */
const CONNECTING = 100;

const readers: Reader[] = [];

process.on('message', (order: Order) => void follow(order).then(() => process.send?.(events())));
process.on('disconnect', () => process.exit());

async function follow(order: Order): Promise<void> {
  if (order.kind === 'count') return;
  const added: Reader[] = [];
  while (added.length < order.readers) {
    const count = Math.min(CONNECTING, order.readers - added.length);
    added.push(...(await Promise.all(Array.from({ length: count }, () => Reader.connect(order.asked)))));
  }
  readers.push(...added);
  if (order.kind === 'streams') await Promise.all(added.map((reader) => reader.ask()));
  else await Promise.all(added.map((reader) => readEach(reader, order.each)));
}

async function readEach(reader: Reader, answers: number): Promise<void> {
  for (let read = 0; read < answers; read += 1) await (await reader.ask()).whole;
  reader.leave();
}

function events(): number {
  return readers.reduce((sum, reader) => sum + reader.events, 0);
}
