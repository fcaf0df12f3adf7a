// What every ChatClient does with an answer that arrives whole: updates, usage, finish reasons, and the request before it.
import type { Message } from '@turnstream/core';
import { expect } from 'vitest';
import { everyByte } from '../script/cuts.ts';
import { holdOpenAfterEnd, unknownEvent } from '../script/faults.ts';
import { refuse, reply } from '../script/reply.ts';
import { askFor, type ClientChecks, collect, lastKnown, leftEarly, rig, textOf } from './client-check.ts';
import '../matchers/index.ts';

/** Every field of an update, present on each of them. */
const updateFields = [
  'authorName',
  'contents',
  'conversationId',
  'finishReason',
  'messageId',
  'responseId',
  'role',
  'text',
  'usage',
];

const conversation: readonly Message[] = [
  { role: 'user', contents: 'What is Python?' },
  { role: 'assistant', contents: 'A language.' },
  {
    role: 'user',
    contents: [
      { type: 'text', text: 'How old ' },
      { type: 'text', text: 'is it?' },
    ],
  },
];

export const checksOfAnswers: ClientChecks = {
  async 'sends nothing before the first pull'(makeClient) {
    await using it = await rig(makeClient, reply('pulled'));
    it.client.send(askFor())[Symbol.asyncIterator]();

    const updates = await collect(it.client);

    expect(textOf(updates)).toBe('pulled');
    expect(it.model.requests).toHaveLength(1);
  },

  async 'streams one update with text per chunk, every field present'(makeClient) {
    await using it = await rig(makeClient, reply(['A lang', 'uage.']));

    const updates = await collect(it.client);

    expect(updates).toBeStreamedInChunks(['A lang', 'uage.']);
    for (const update of updates) expect(Object.keys(update).toSorted()).toEqual(updateFields);
    expect(it.model.requests[0]?.body).toMatchObject({ model: 'contract-model', stream: true });
    expect(await leftEarly(it.model.requests[0])).toBe(false);
  },

  async 'asks for a whole answer when the request is not streaming'(makeClient) {
    await using it = await rig(makeClient, reply(['A lang', 'uage.']));

    const updates = await collect(it.client, { stream: false });

    expect(textOf(updates)).toBe('A language.');
    expect(lastKnown(updates, 'finishReason')).toBe('stop');
    expect(it.model.requests[0]?.body['stream'] ?? false).toBe(false);
  },

  async 'gives the same text however the bytes are cut'(makeClient) {
    const text = ['naïve ', '日本', ' 🧵🪡', '\n"quoted"'];
    await using it = await rig(makeClient, reply(text, { cuts: everyByte }));

    const updates = await collect(it.client);

    expect(updates).toBeStreamedInChunks(text);
  },

  async 'passes the usage on as the service counted it, streamed and not'(makeClient) {
    const usage = { inputTokens: 31, outputTokens: 8 };
    await using it = await rig(makeClient, reply('A language.', { usage }), reply('A language.', { usage }));

    const streamed = await collect(it.client);
    const whole = await collect(it.client, { stream: false });

    expect(lastKnown(streamed, 'usage')).toMatchObject({ ...usage, totalTokens: 39 });
    expect(lastKnown(whole, 'usage')).toMatchObject({ ...usage, totalTokens: 39 });
  },

  async 'leaves the usage unknown when the service does not say'(makeClient) {
    await using it = await rig(makeClient, reply('A language.', { usage: null }));

    const updates = await collect(it.client);

    expect(lastKnown(updates, 'usage')).toBeNull();
  },

  async 'tells why the model stopped: stop, length, content_filter'(makeClient) {
    const reasons = ['stop', 'length', 'content_filter'] as const;
    await using it = await rig(makeClient, ...reasons.map((finishReason) => reply('A', { finishReason })));

    const seen: unknown[] = [];
    for (const _ of reasons) seen.push(lastKnown(await collect(it.client), 'finishReason'));

    expect(seen).toEqual(reasons);
  },

  async 'gives a refusal as content of its own kind, streamed and not'(makeClient) {
    await using it = await rig(makeClient, refuse(['I can', 'not.']), refuse('I cannot.'));

    const streamed = await collect(it.client);
    const whole = await collect(it.client, { stream: false });

    for (const updates of [streamed, whole]) {
      const contents = updates.flatMap((update) => update.contents);
      expect(contents.every((content) => content.type === 'refusal')).toBe(true);
      expect(contents.map((content) => ('text' in content ? content.text : '')).join('')).toBe('I cannot.');
    }
  },

  async 'names the response'(makeClient) {
    await using it = await rig(makeClient, reply('A', { id: 'answer-7' }), reply('A', { id: 'answer-8' }));

    const streamed = await collect(it.client);
    const whole = await collect(it.client, { stream: false });

    expect(lastKnown(streamed, 'responseId')).toBe('answer-7');
    expect(lastKnown(whole, 'responseId')).toBe('answer-8');
  },

  async 'sends the instructions apart from the conversation, and the messages in order'(makeClient) {
    await using it = await rig(makeClient, reply('1991'), reply('1991'));

    await collect(it.client, { messages: conversation, instructions: 'Be brief.' });
    await collect(it.client, { messages: conversation, instructions: null, stream: false });

    const [first, second] = it.model.requests;
    expect(first?.instructions).toBe('Be brief.');
    expect(first?.messages).toEqual([
      { role: 'user', text: 'What is Python?' },
      { role: 'assistant', text: 'A language.' },
      { role: 'user', text: 'How old is it?' },
    ]);
    expect(second?.instructions).toBeNull();
    expect(second?.messages).toEqual(first?.messages);
  },

  async 'passes over events it does not know'(makeClient) {
    await using it = await rig(makeClient, reply(['A lang', 'uage.'], { fault: unknownEvent({ chunks: 1 }) }));

    const updates = await collect(it.client);

    expect(updates).toBeStreamedInChunks(['A lang', 'uage.']);
  },

  async 'ends at the end mark, also when the connection stays open, and then lets go of it'(makeClient) {
    await using it = await rig(makeClient, reply('A language.', { fault: holdOpenAfterEnd() }));

    const updates = await collect(it.client);

    expect(textOf(updates)).toBe('A language.');
    expect(await leftEarly(it.model.requests[0])).toBe(true);
  },

  async 'leaves the history to the caller when no conversation is given'(makeClient) {
    await using it = await rig(makeClient, reply('A language.'));

    const updates = await collect(it.client);

    expect(lastKnown(updates, 'conversationId')).toBeNull();
  },
};
