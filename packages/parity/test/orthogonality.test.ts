// Streaming and sessions are independent: how an answer is waited for changes nothing of what the model reads and says,
// and what the model reads changes nothing of how the answer comes. Over every API, service and history.
import { expect, test } from 'vitest';
import { type SessionUse, type Verb, verbNames } from '../matrix/axes.ts';
import { QUESTIONS } from '../matrix/cell.ts';
import { playAll } from '../matrix/matrix.ts';
import { type Store, storeNames } from '../matrix/stores.ts';

const python =
  'Python is a high-level, interpreted programming language known for its readability and its large standard library.';

/** What a session decides: the words that go in, and so the words that come out. */
const readAndSaid: Readonly<Record<SessionUse, object>> = {
  'no session': {
    inputs: [QUESTIONS[1]],
    words: expect.stringMatching(/^I cannot know what "it" is: I was sent 1 message/),
  },
  'same session': { inputs: [QUESTIONS[0], python, QUESTIONS[1]], words: '1991' },
  'new session': {
    inputs: [QUESTIONS[1]],
    words: expect.stringMatching(/^I cannot know what "it" is: I was sent 1 message/),
  },
};

/** What the verb decides: how the answer is asked for. */
const wires: Readonly<Record<Verb, string>> = { run: 'whole', runStreaming: 'streamed', runInBackground: 'background' };

/** Each store is played once, for all tests. */
const plays = new Map<Store, ReturnType<typeof playAll>>();
const playOf = (store: Store): ReturnType<typeof playAll> => {
  const play = plays.get(store) ?? playAll(store);
  plays.set(store, play);
  return play;
};

for (const store of storeNames) {
  const title = `the verb decides how the answer comes, the session what the model reads, kept in ${store}`;
  test(title, { tags: store === 'redis' ? [store] : [] }, async ({ skip }) => {
    const played = await playOf(store);

    if (played === null) return skip(`no ${store} answers`);
    expect(played).toHaveLength(36);
    for (const { verb, sessionUse, service, seen } of played) {
      const chatInBackground = verb === 'runInBackground' && service.startsWith('Chat Completions');
      const expected = chatInBackground
        ? { kind: 'refused', code: 'background_unsupported', requests: 0 }
        : { kind: 'answered', wire: wires[verb], ...readAndSaid[sessionUse] };
      expect(seen, `${verb}, ${sessionUse}, ${service}`).toMatchObject(expected);
    }
  });
}

test('a streamed answer comes in pieces, a whole one in one', async () => {
  const played = await playOf('memory');

  const pieces = (verb: Verb): number[] =>
    (played ?? []).flatMap(({ seen, ...cell }) =>
      cell.verb === verb && cell.sessionUse === 'no session' && seen.kind === 'answered' ? [seen.pieces] : [],
    );
  expect(verbNames.map((verb) => new Set(pieces(verb)).size)).toEqual([1, 1, 1]);
  expect(pieces('run')).toEqual([1, 1, 1, 1]);
  expect(pieces('runStreaming').every((count) => count > 10)).toBe(true);
});
