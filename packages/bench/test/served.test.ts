// Costs of servers can only be compared when all of them send the same.
import { expect, test } from 'vitest';
import type { Conversation } from '../src/served/readers.ts';
import { Reading } from '../src/served/reading.ts';
import { SERVERS, type Served } from '../src/served/server.ts';
import { startServer } from '../src/served/start-server.ts';
import { questionOf } from '../src/served/words.ts';
import { chunksOfText } from '../src/wire.ts';

const script = { words: 5, everyMs: 0 };

test.for(SERVERS)('%s sends the session, every word and the end', async (name) => {
  await using served = await startServer(name, 'sqlite');
  const headers = { authorization: `Bearer ${served.token}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ message: questionOf(script), history: [] });

  const response = await fetch(`http://127.0.0.1:${served.port}/chat/stream`, { method: 'POST', headers, body });

  const frames = (await response.text()).trimEnd().split('\n\n');
  expect(frames).toEqual([
    'id: 1\nevent: session\ndata: {"sessionId":null,"runId":null,"mode":"replace"}',
    ...chunksOfText(5).map((text, index) => `id: ${index + 2}\nevent: update\ndata: ${JSON.stringify({ text })}`),
    expect.stringContaining('id: 7\nevent: done\ndata: {"status":"completed"'),
  ]);
});

test.for<Conversation>(['sent', 'new', 'continued'])(
  'a reader counts the events of each answer it reads, in a conversation that is %s',
  async (conversation) => {
    await using served = await startServer('turnstream', 'sqlite');
    using reading = new Reading();
    const asked = { port: served.port, token: served.token, script, conversation };

    const once = await reading.send({ kind: 'answers', asked, readers: 2, each: 1 });
    const thrice = await reading.send({ kind: 'answers', asked, readers: 2, each: 2 });

    expect([once, thrice]).toEqual([2 * (script.words + 2), 6 * (script.words + 2)]);
    expect(await turnsOf(served)).toEqual({ sent: [], new: [1, 1, 1, 1, 1, 1], continued: [3, 3] }[conversation]);
  },
);

/** Of each conversation that the server keeps. */
async function turnsOf({ port, token }: Served): Promise<readonly number[]> {
  const get = async (path: string): Promise<unknown> => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { authorization: `Bearer ${token}` } });
    return response.json();
  };
  const { sessions } = (await get('/sessions')) as { sessions: readonly { sessionId: string }[] };
  const transcripts = await Promise.all(sessions.map(({ sessionId }) => get(`/sessions/${sessionId}`)));
  return transcripts.map((each) => (each as { messages: readonly unknown[] }).messages.length / 2);
}
