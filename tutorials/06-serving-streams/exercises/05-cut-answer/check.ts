import { Agent } from '@turnstream/core';
import { equal, exercise, expected } from '@turnstream/learn/check';
import { answerResponse } from '@turnstream/server/sse';
import { reply, truncateAfter } from '@turnstream/testkit';
import type * as Problem from './problem.ts';

const WORDS = ['You can return ', 'your order ', 'within ', '30 days.'];

export const check = exercise<typeof Problem>(async ({ load, model }) => {
  const { readAnswer } = await load('readAnswer');
  const { client } = await model(reply(WORDS));
  const broken = await model(reply(WORDS, { fault: truncateAfter({ chunks: 3 }) }));
  const wire = await wireOf(client);
  const wireWithError = await wireOf(broken.client);

  equal('a whole answer', await readAnswer(responseOf(wire)), WORDS.join(''));
  const frames = wire.split(/(?<=\n\n)/);
  for (let sent = frames.length - 1; sent >= 0; sent -= 1) {
    const cut = responseOf(frames.slice(0, sent).join(''));
    const read = await readAnswer(cut).catch(() => null);
    const what = `an error when the connection ends after ${sent} of ${frames.length} events`;
    expected(what, read === null, `\`readAnswer\` resolved with "${read}"`);
  }
  const read = await readAnswer(responseOf(wireWithError)).catch(() => null);
  expected('an error when the server sends an `error` event', read === null, `\`readAnswer\` resolved with "${read}"`);

  async function wireOf(asked: typeof client): Promise<string> {
    return answerResponse(new Agent({ client: asked }).runStreaming('How long can I return it?')).text();
  }
});

function responseOf(body: string): Response {
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
}
