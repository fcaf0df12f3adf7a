// What the second turn sees after the first one ended well, was left, failed or was stopped: rows M16 to M20.
import { Agent } from '@turnstream/core';
import { errorFrame, mockModel, refuse, reply, serveModel, truncateAfter } from '@turnstream/testkit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clients, readTexts, settled } from './clients.ts';

describe.each(clients)('$api', ({ connect }) => {
  test('the second turn brings the first question and answer, in both modes, and the instructions once', async () => {
    using model = mockModel(reply(['A lang', 'uage.']), reply('1991'), reply('Yes'));
    const agent = new Agent({ client: connect(model), instructions: 'Be brief.' });
    const session = agent.createSession();

    await agent.run('What is Python?', { session });
    await readTexts(agent.runStreaming('How old is it?', { session }));
    await agent.run('Sure?', { session });

    expect(model.requests.map((request) => request.texts)).toEqual([
      ['What is Python?'],
      ['What is Python?', 'A language.', 'How old is it?'],
      ['What is Python?', 'A language.', 'How old is it?', '1991', 'Sure?'],
    ]);
    expect(model.requests.map((request) => request.instructions)).toEqual(['Be brief.', 'Be brief.', 'Be brief.']);
  });

  test('M16: after a break the turn is not remembered', async () => {
    using model = mockModel(reply(['half ', 'an answer']), reply('whole'));
    const agent = new Agent({ client: connect(model) });
    const session = agent.createSession();

    for await (const update of agent.runStreaming('first', { session })) if (update.text !== '') break;
    await agent.run('second', { session });

    expect(model.requests[1]?.texts).toEqual(['second']);
  });

  test('M17: after an abort with onIncomplete keep, the next turn brings the delivered words, marked', async () => {
    using model = mockModel(reply(['half ', 'an answer'], { chunkDelayMs: 5 }), reply('whole'));
    const agent = new Agent({ client: connect(model), onIncomplete: 'keep' });
    const session = agent.createSession();
    const stop = new AbortController();

    await settled(
      (async () => {
        for await (const update of agent.runStreaming('first', { session, signal: stop.signal })) {
          if (update.text !== '') stop.abort();
        }
      })(),
    );
    await agent.run('second', { session });

    expect(model.requests[1]?.texts).toEqual(['first', 'half \n[This answer was interrupted here.]', 'second']);
  });

  test('M18: after an error inside the stream the turn is not remembered', async () => {
    using model = mockModel(reply(['half ', 'an answer'], { fault: errorFrame({ chunks: 1 }) }), reply('whole'));
    const agent = new Agent({ client: connect(model, { maxRetries: 0 }) });
    const session = agent.createSession();

    await settled(agent.runStreaming('first', { session }).finalResponse());
    await agent.run('second', { session });

    expect(model.requests[1]?.texts).toEqual(['second']);
  });

  test('M20: changed instructions take effect at once, and only the new ones are sent', async () => {
    using model = mockModel(reply('one'), reply('two'));
    const agent = new Agent({ client: connect(model), instructions: 'Be brief.' });
    const session = agent.createSession();

    await agent.run('first', { session });
    agent.instructions = 'Be long.';
    await agent.run('second', { session });

    expect(model.requests.map((request) => request.instructions)).toEqual(['Be brief.', 'Be long.']);
    expect(model.requests[1]?.texts).toEqual(['first', 'one', 'second']);
  });

  test('a refusal is read like an answer and remembered like one', async () => {
    using model = mockModel(refuse(['I cannot ', 'do that.']), reply('A joke.'));
    const agent = new Agent({ client: connect(model) });
    const session = agent.createSession();

    const refused = await agent.runStreaming('Hack the bank', { session }).finalResponse();
    await agent.run('Then a joke', { session });

    expect(refused.text).toBe('I cannot do that.');
    expect(refused.messages[0]?.contents).toEqual([{ type: 'refusal', text: 'I cannot do that.' }]);
    expect(model.requests[1]?.texts).toEqual(['Hack the bank', 'I cannot do that.', 'Then a joke']);
  });

  test('cut off after any byte, a turn is whole or an error, and the next request is legal either way', async () => {
    await using model = await serveModel();
    const agent = new Agent({ client: connect(model) });
    await fc.assert(
      fc.asyncProperty(fc.nat(4000), async (bytes) => {
        model.add(reply(['Grüße ', '👩‍👩‍👧'], { fault: truncateAfter({ bytes }) }), reply('second answer'));
        const session = agent.createSession();

        const first = await settled(agent.runStreaming('first', { session }).finalResponse());
        await agent.run('second', { session });

        const whole = (first as { status?: string }).status === 'completed';
        expect(first).toMatchObject(whole ? { text: 'Grüße 👩‍👩‍👧' } : { code: 'stream_truncated' });
        expect(model.requests.at(-1)?.texts).toEqual(whole ? ['first', 'Grüße 👩‍👩‍👧', 'second'] : ['second']);
      }),
      { numRuns: 40 },
    );
  });
});

test('Responses: with history at the service nothing is replayed, and the id follows the answers that succeeded', async () => {
  using model = mockModel(
    reply('A language.', { id: 'resp_a' }),
    reply('cut', { id: 'resp_b', fault: truncateAfter({ chunks: 1 }) }),
    reply('1991', { id: 'resp_c' }),
  );
  const agent = new Agent({ client: clients[1]!.connect(model), history: 'service', instructions: 'Be brief.' });
  const session = agent.createSession();

  await agent.run('What is Python?', { session });
  await settled(agent.runStreaming('cut me off', { session }).finalResponse());
  await agent.run('How old is it?', { session });

  expect(model.requests.map((request) => request.texts)).toEqual([
    ['What is Python?'],
    ['cut me off'],
    ['How old is it?'],
  ]);
  expect(model.requests.map((request) => request.body['previous_response_id'])).toEqual([
    undefined,
    'resp_a',
    'resp_a',
  ]);
  expect(model.requests.map((request) => 'store' in request.body)).toEqual([false, false, false]);
  expect(model.requests[2]?.instructions).toBe('Be brief.');
  expect(session.serviceSessionId).toBe('resp_c');
});

test('Responses: with history on our side the client asks the service not to store', async () => {
  using model = mockModel(reply('A language.'));

  await new Agent({ client: clients[1]!.connect(model) }).run('What is Python?');

  expect(model.requests[0]?.body['store']).toBe(false);
});
