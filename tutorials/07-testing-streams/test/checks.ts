// What a chat that streams must be held to, as functions: tried on the good chat, and on each planted bug.
import { everyByte, mockModel, reply, resetAfter, seeded, serveModel, truncateAfter } from '@turnstream/testkit';
import '@turnstream/testkit/matchers';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { OpenChat } from '../planted-bugs.ts';

export const checks: Readonly<Record<string, (open: OpenChat) => Promise<void>>> = {
  streams,
  remembers,
  'keeps people apart': keepsPeopleApart,
  'tells when an answer breaks off': tellsOfBreaks,
  'reads any cut': readsAnyCut,
  'stops the model': stopsTheModel,
};

export async function streams(open: OpenChat): Promise<void> {
  using model = mockModel(reply(['Python is ', 'a lang', 'uage.']));
  const chat = open(model.baseURL);

  const updates = await Array.fromAsync(chat.ask('ada', 'What is Python?'));

  expect(updates).toBeStreamedInChunks(['Python is ', 'a lang', 'uage.']);
}

export async function remembers(open: OpenChat): Promise<void> {
  using model = mockModel(reply('A language.'), reply('1991'));
  const chat = open(model.baseURL);

  await Array.fromAsync(chat.ask('ada', 'What is Python?'));
  await Array.fromAsync(chat.ask('ada', 'How old is it?'));

  expect(model.requests).toGrowHistory();
}

export async function keepsPeopleApart(open: OpenChat): Promise<void> {
  using model = mockModel(reply('OK, teal.'), reply('none'));
  const chat = open(model.baseURL);

  await Array.fromAsync(chat.ask('ada', 'Remember the word teal.'));
  await Array.fromAsync(chat.ask('bob', 'Which word was it?'));

  const [ada, bob] = model.requests.map((request) => [request]);
  expect(bob).toShareNoHistoryWith(ada!);
}

export async function tellsOfBreaks(open: OpenChat): Promise<void> {
  for (const fault of [truncateAfter({ chunks: 1 }), resetAfter({ chunks: 1 })]) {
    await using model = await serveModel(reply(['Python is ', 'a language.'], { fault }));

    const reading = Array.fromAsync(open(model.baseURL).ask('ada', 'What is Python?'));

    await expect(reading).rejects.toThrow();
  }
}

export async function readsAnyCut(open: OpenChat): Promise<void> {
  const words = ['naïve ', '日本語 ', '👩‍👩‍👧.'];
  using model = mockModel();
  const read = async (cuts: typeof everyByte): Promise<void> => {
    model.add(reply(words, { cuts }));

    const updates = await Array.fromAsync(open(model.baseURL).ask('ada', 'Say something.'));

    expect(updates.map(({ text }) => text).join('')).toBe(words.join(''));
  };
  await read(everyByte);
  await fc.assert(
    fc.asyncProperty(fc.nat(), (seed) => read(seeded(seed))),
    { numRuns: 20 },
  );
}

export async function stopsTheModel(open: OpenChat): Promise<void> {
  const forty = Array.from({ length: 40 }, (_, index) => `word${index} `);
  await using model = await serveModel(reply(forty, { chunkDelayMs: 5 }));

  for await (const { text } of open(model.baseURL).ask('ada', 'Talk.')) if (text !== '') break;

  const [request] = model.requests;
  await request!.closed;
  expect(request).toMatchObject({ closedEarly: true, bytesAfterLeaving: 0 });
}
