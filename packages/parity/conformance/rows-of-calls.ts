// M30 to M33: what a caller says to one call, learns of it, and takes back.
import { httpError, reply } from '@turnstream/testkit';
import { ask, quoted, type Row } from './lab.ts';

/** One red pixel. */
const png =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC';

export const rowsOfCalls: readonly Row[] = [
  {
    id: 'M30',
    situation: 'An image with the question',
    asks: 'the model gets it, whole and with its type',
    check: (lab) =>
      lab.with([reply('Red.')], async (chat, model) => {
        const { end } = await ask(chat, 'Which color?', { image: png });
        const [image] = model.requests[0]?.messages.at(-1)?.images ?? [];
        const seen = image === undefined ? `sends none, ${end}` : `${image.mediaType}, ${image.bytes} bytes`;
        return { holds: seen === 'image/png, 69 bytes', seen };
      }),
  },
  {
    id: 'M31',
    situation: 'HTTP 400 with `x-request-id`',
    asks: 'a reader of the text gets an error with the id',
    check: (lab) =>
      lab.with([httpError(400, { headers: { 'x-request-id': 'req_M31' } })], async (chat) => {
        const { end, error } = await ask(chat, 'Tell me');
        const holds = mentions(error, 'req_M31');
        return { holds, seen: end === 'throws' ? `throws, ${holds ? 'with' : 'without'} it` : end };
      }),
  },
  {
    id: 'M32',
    situation: 'A temperature and a header for one run, then a run without',
    asks: 'the first call has both, the second neither',
    check: (lab) =>
      lab.with([reply('A1'), reply('A2')], async (chat, model) => {
        await ask(chat, 'first', { settings: { temperature: 0.2, headers: { 'x-tenant': 'acme' } } });
        await ask(chat, 'second');
        const sent = model.requests.map(({ body, headers }) => [body['temperature'] === 0.2, 'x-tenant' in headers]);
        const words = sent.map((has) => ['temperature', 'header'].filter((_, index) => has[index]).join(' and '));
        const holds = JSON.stringify(sent) === '[[true,true],[false,false]]';
        return { holds, seen: words.map((each) => each || 'neither').join(', then ') };
      }),
  },
  {
    id: 'M33',
    situation: 'Two turns, the last one removed, then a third',
    asks: 'the model sees the first and the third',
    check: (lab) =>
      lab.with([reply('A1'), reply('A2'), reply('A3')], async (chat, model) => {
        if (chat.session === undefined) return { holds: null, seen: 'the caller keeps it' };
        if (chat.rewind === undefined) return { holds: null, seen: 'not offered' };
        const session = chat.session();
        await ask(chat, 'first', { session });
        await ask(chat, 'second', { session });
        await chat.rewind(session);
        await ask(chat, 'third', { session });
        const texts = model.requests[2]?.texts ?? [];
        return { holds: JSON.stringify(texts) === '["first","A1","third"]', seen: `sees ${quoted(texts)}` };
      }),
  },
];

/** Whether an error, or what it holds, says these words. */
function mentions(value: unknown, words: string, depth = 5): boolean {
  if (typeof value === 'string') return value.includes(words);
  if (typeof value !== 'object' || value === null || depth === 0) return false;
  if (value instanceof Headers) return [...value.values()].includes(words);
  return Reflect.ownKeys(value).some((key) => mentions(Reflect.get(value, key), words, depth - 1));
}
