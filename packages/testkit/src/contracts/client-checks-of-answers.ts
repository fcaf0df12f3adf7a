// What every ChatClient does with an answer that arrives whole: updates, usage, finish reasons, and the request before it.
import type { Message } from '@turnstream/core';
import { expect } from 'vitest';
import { everyByte } from '../script/cuts.ts';
import { holdOpenAfterEnd, unknownEvent } from '../script/faults.ts';
import { refuse, reply } from '../script/reply.ts';
import { askFor, type ClientChecks, lastKnown, textOf } from './client-check.ts';
import '../matchers/index.ts';

/** Every field of an update, present on each of them. */
const updateFields = [
  'authorName',
  'contents',
  'conversationId',
  'finishReason',
  'isWorking',
  'messageId',
  'metadata',
  'phase',
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
  async 'sends nothing before the first pull'(open) {
    await using it = await open(reply('pulled'));
    it.client.send(askFor())[Symbol.asyncIterator]();

    const updates = await it.collect();

    expect(textOf(updates)).toBe('pulled');
    expect(it.model.requests).toHaveLength(1);
  },

  async 'streams one update with text per chunk, every field present'(open) {
    const chunks = ['A ', '\n', ' language.'];
    await using it = await open(reply(chunks));

    const updates = await it.collect();

    expect(updates).toBeStreamedInChunks(chunks);
    for (const update of updates) expect(Object.keys(update).toSorted()).toEqual(updateFields);
    expect(it.model.requests[0]?.body).toMatchObject({ model: 'contract-model', stream: true });
    expect(await it.leftEarly(it.model.requests[0])).toBe(false);
  },

  async 'asks for a whole answer when the request is not streaming'(open) {
    await using it = await open(reply(['A lang', 'uage.']));

    const updates = await it.collect({ stream: false });

    expect(textOf(updates)).toBe('A language.');
    expect(lastKnown(updates, 'finishReason')).toBe('stop');
    expect(it.model.requests[0]?.body['stream'] ?? false).toBe(false);
  },

  async 'yields the same text however the bytes are cut'(open) {
    const text = ['é日', '👩‍💻\n"'];
    await using it = await open(reply(text, { cuts: everyByte }));

    const updates = await it.collect();

    expect(updates).toBeStreamedInChunks(text);
  },

  async 'passes on the usage as the service counted it, streamed or not'(open) {
    const usage = { inputTokens: 31, outputTokens: 8 };
    await using it = await open(reply('A language.', { usage }), reply('A language.', { usage }));

    const streamed = await it.collect();
    const whole = await it.collect({ stream: false });

    expect(lastKnown(streamed, 'usage')).toMatchObject({ ...usage, totalTokens: 39 });
    expect(lastKnown(whole, 'usage')).toMatchObject({ ...usage, totalTokens: 39 });
  },

  async 'leaves the usage unknown when the service reports none'(open) {
    await using it = await open(reply('A language.', { usage: null }));

    const updates = await it.collect();

    expect(lastKnown(updates, 'usage')).toBeNull();
  },

  async 'reports why the model stopped: stop, length, content_filter'(open) {
    const reasons = ['stop', 'length', 'content_filter'] as const;
    await using it = await open(...reasons.map((finishReason) => reply('A', { finishReason })));

    const seen: unknown[] = [];
    for (const _ of reasons) seen.push(lastKnown(await it.collect(), 'finishReason'));

    expect(seen).toEqual(reasons);
  },

  async 'yields a refusal as its own kind of content, streamed or not'(open) {
    await using it = await open(refuse(['I can', 'not.']), refuse('I cannot.'));

    const streamed = await it.collect();
    const whole = await it.collect({ stream: false });

    for (const updates of [streamed, whole]) {
      const contents = updates.flatMap((update) => update.contents);
      expect(contents.every((content) => content.type === 'refusal')).toBe(true);
      expect(contents.map((content) => ('text' in content ? content.text : '')).join('')).toBe('I cannot.');
    }
  },

  async 'reports the response id'(open) {
    await using it = await open(reply('A', { id: 'answer-7' }), reply('A', { id: 'answer-8' }));

    const streamed = await it.collect();
    const whole = await it.collect({ stream: false });

    expect(lastKnown(streamed, 'responseId')).toBe('answer-7');
    expect(lastKnown(whole, 'responseId')).toBe('answer-8');
  },

  async 'sends the instructions separately from the conversation, and the messages in order'(open) {
    await using it = await open(reply('1991'), reply('1991'));

    await it.collect({ messages: conversation, instructions: 'Be brief.' });
    await it.collect({ messages: conversation, instructions: null, stream: false });

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

  async 'ignores events it does not know'(open) {
    await using it = await open(reply(['A lang', 'uage.'], { fault: unknownEvent({ chunks: 1 }) }));

    const updates = await it.collect();

    expect(updates).toBeStreamedInChunks(['A lang', 'uage.']);
  },

  async 'ends at the end mark even if the connection stays open, and then closes it'(open) {
    await using it = await open(reply('A language.', { fault: holdOpenAfterEnd() }));

    const updates = await it.collect();

    expect(textOf(updates)).toBe('A language.');
    expect(await it.leftEarly(it.model.requests[0])).toBe(true);
  },

  async 'leaves the history to the caller when no conversation is given'(open) {
    await using it = await open(reply('A language.'));

    const updates = await it.collect();

    expect(lastKnown(updates, 'conversationId')).toBeNull();
  },
};
