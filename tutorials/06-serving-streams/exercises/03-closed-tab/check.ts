import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { Agent } from '@turnstream/core';
import { equal, exercise, expected, inTime } from '@turnstream/learn/check';
import { reply, stallAfter } from '@turnstream/testkit';
import { createParser } from 'eventsource-parser';
import type * as Problem from './problem.ts';

const WORDS = Array.from({ length: 60 }, (_, index) => `word${index + 1} `);
const READ = 5;
/** How long a busy machine may take to notice: three words of 20 ms. */
const ALLOWED = 3;

export const check = exercise<typeof Problem>(async ({ load, model }) => {
  const { answer } = await load('answer');

  const talking = await model(reply(WORDS, { chunkDelayMs: 20 }));
  await readFrom(talking.client, READ);
  await inTime('the model to be done', talking.requests[0]?.closed ?? Promise.resolve());
  const wasted = (talking.requests[0]?.chunksSent ?? 0) - READ;
  expected(
    'the model to stop when its reader leaves in the middle',
    wasted <= ALLOWED,
    `${wasted} tokens were written for nobody`,
  );

  const silent = await model(reply(WORDS, { fault: stallAfter({ chunks: READ }) }));
  await readFrom(silent.client, READ);
  const isClosed = await Promise.race([silent.requests[0]?.closed.then(() => true), setTimeout(1_000, false)]);
  expected(
    'the connection of a silent model to be closed when its reader leaves',
    isClosed === true,
    'it was still open a second later',
  );

  const calm = await model(reply(WORDS));
  equal('what a reader who stays gets', await readFrom(calm.client, WORDS.length + 1), WORDS.join(''));

  /** Reads so many words from a route that serves `answer`, and leaves. */
  async function readFrom(client: typeof calm.client, words: number): Promise<string> {
    const server = createServer((_request, response) => {
      answer(new Agent({ client }), 'When do you open?', response).catch(() => response.destroy());
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const tab = new AbortController();
    const response = await fetch(`http://127.0.0.1:${port}`, { signal: tab.signal });
    const read: string[] = [];
    const parser = createParser({
      onEvent({ data }) {
        const { text = '' } = JSON.parse(data) as { text?: string };
        if (text !== '') read.push(text);
      },
    });
    for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      parser.feed(text);
      if (read.length >= words) break;
    }
    tab.abort();
    server.close();
    return read.join('');
  }
});
