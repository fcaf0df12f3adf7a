// Costs of servers can only be compared when all of them send the same.
import { expect, test } from 'vitest';
import { Reader } from '../src/served/readers.ts';
import { SERVERS, startServer } from '../src/served/server.ts';
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

test.for([true, false])(
  'a reader counts the events of each answer it reads, of a session that is kept: %s',
  async (isKept) => {
    await using served = await startServer('turnstream', 'sqlite');
    const reader = await Reader.connect({ port: served.port, token: served.token, script, isKept });

    for (let answers = 0; answers < 3; answers += 1) await (await reader.ask()).whole;
    reader.leave();

    expect(reader.events).toBe(3 * (script.words + 2));
  },
);
