// The readers in a process of their own: nothing they cost is counted as the server's.
import { type Asked, Reader } from './readers.ts';

/** Opens streams and keeps reading them, reads whole answers one after another, or says how many events were read. */
export type Order =
  | { readonly kind: 'streams'; readonly asked: Asked; readonly readers: number }
  | { readonly kind: 'answers'; readonly asked: Asked; readonly readers: number; readonly each: number }
  | { readonly kind: 'count' };

/** At a time: fewer than a server lets wait. */
const CONNECTING = 100;

/** Those of the first order read the answers of later ones too, in the same conversations. */
const readers: Reader[] = [];

process.on('message', (order: Order) => void follow(order).then(() => process.send?.(events())));
process.on('disconnect', () => process.exit());

async function follow(order: Order): Promise<void> {
  if (order.kind === 'count') return;
  while (readers.length < order.readers) {
    const count = Math.min(CONNECTING, order.readers - readers.length);
    readers.push(...(await Promise.all(Array.from({ length: count }, () => Reader.connect(order.asked)))));
  }
  if (order.kind === 'streams') await Promise.all(readers.map((reader) => reader.ask()));
  else await Promise.all(readers.map((reader) => readEach(reader, order.each)));
}

async function readEach(reader: Reader, answers: number): Promise<void> {
  for (let read = 0; read < answers; read += 1) await (await reader.ask()).whole;
}

function events(): number {
  return readers.reduce((sum, reader) => sum + reader.events, 0);
}
