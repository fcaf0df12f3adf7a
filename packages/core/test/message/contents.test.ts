import { expect, test } from 'vitest';
import { Agent, answerText, type Content, dataContent } from '../../src/index.ts';
import { type ChatUpdate, chatUpdate } from '../../src/seams.ts';
import { finished, scriptedClient, textsOf } from '../scripted-client.ts';

function said(...contents: Content[]): ChatUpdate {
  return chatUpdate({ contents, role: 'assistant' });
}

const citation = {
  type: 'citation',
  url: 'https://weather.example',
  regions: [{ startIndex: 0, endIndex: 5 }],
} as const;

test('citations that come between the words stay on the text they are about', async () => {
  const client = scriptedClient([
    said({ type: 'text', text: 'Sunny' }),
    said({ type: 'text', text: '', annotations: [citation] }),
    said({ type: 'text', text: ' today.' }),
    finished,
  ]);

  const { messages, text } = await new Agent({ client }).run('Weather?');

  expect(text).toBe('Sunny today.');
  expect(messages).toEqual([
    { role: 'assistant', contents: [{ type: 'text', text: 'Sunny today.', annotations: [citation] }] },
  ]);
});

test('what a service wants back unread stays on its own content, and words around it are not joined over it', async () => {
  const signed = { type: 'text', text: 'b', opaque: { some_api: { signature: 's' } } } as const;
  const client = scriptedClient([
    said({ type: 'text', text: 'a' }),
    said(signed),
    said({ type: 'text', text: 'c' }),
    said({ type: 'service_item', name: 'web_search_call', opaque: { some_api: { id: 'ws_1' } } }),
    finished,
  ]);

  const { messages, text } = await new Agent({ client }).run('Go');

  expect(text).toBe('abc');
  expect(messages[0]?.contents).toEqual([
    { type: 'text', text: 'a' },
    signed,
    { type: 'text', text: 'c' },
    { type: 'service_item', name: 'web_search_call', opaque: { some_api: { id: 'ws_1' } } },
  ]);
});

test('a signature that comes with the last fragment of a call belongs to the whole call', async () => {
  const call = { type: 'function_call', callId: 'c1', name: 'look', arguments: '{"a":' } as const;
  const client = scriptedClient([
    said(call),
    said({ ...call, name: '', arguments: '1}', opaque: { some_api: 'sig' } }),
    chatUpdate({ finishReason: 'tool_calls' }),
  ]);

  const { messages } = await new Agent({ client }).run('Go');

  expect(messages[0]?.contents).toEqual([{ ...call, arguments: '{"a":1}', opaque: { some_api: 'sig' } }]);
});

test('the parts of one reasoning summary stay apart, and the fragments of a part are joined', async () => {
  const thought = (part: number, text: string): ChatUpdate => said({ type: 'text_reasoning', id: 'rs_1', part, text });
  const client = scriptedClient([thought(0, 'It is '), thought(0, 'a sum.'), thought(1, 'Adding.'), finished]);

  const { messages } = await new Agent({ client }).run('2 + 2?');

  expect(messages[0]?.contents).toEqual([
    { type: 'text_reasoning', id: 'rs_1', part: 0, text: 'It is a sum.' },
    { type: 'text_reasoning', id: 'rs_1', part: 1, text: 'Adding.' },
  ]);
});

test('commentary is marked on its message and is not part of the text, streamed or whole', async () => {
  const phased = (phase: string, text: string, messageId: string): ChatUpdate =>
    chatUpdate({ contents: [{ type: 'text', text }], role: 'assistant', messageId, phase });
  const script = [phased('commentary', 'I look at the clock.', 'm1'), phased('final_answer', 'Noon.', 'm2'), finished];
  const agent = new Agent({ client: scriptedClient(script, script) });

  const whole = await agent.run('Time?');
  const stream = agent.runStreaming('Time?');
  const texts = await textsOf(stream);

  expect(whole.text).toBe('Noon.');
  expect(texts.join('')).toBe('Noon.');
  expect(answerText(whole.messages)).toBe('Noon.');
  expect(whole.messages).toEqual([
    { role: 'assistant', contents: 'I look at the clock.', messageId: 'm1', phase: 'commentary' },
    { role: 'assistant', contents: 'Noon.', messageId: 'm2', phase: 'final_answer' },
  ]);
});

test('the metadata of a run is what its last model call says, with the log probabilities of all of them', async () => {
  const client = scriptedClient([
    chatUpdate({ metadata: { model: 'm-1', requestId: 'req_1', logprobs: [1] } }),
    'Hi',
    chatUpdate({ finishReason: 'stop', metadata: { model: 'm-2', logprobs: [2] } }),
  ]);

  const { metadata } = await new Agent({ client }).run('Hello');

  expect(metadata).toEqual({ model: 'm-2', requestId: 'req_1', logprobs: [1, 2] });
});

test('bytes become a data URI of any length', () => {
  const bytes = Uint8Array.from({ length: 20_000 }, (_, index) => index % 256);

  const content = dataContent(bytes, 'image/png', 'dot.png');

  expect(content).toEqual({
    type: 'data',
    uri: `data:image/png;base64,${Buffer.from(bytes).toString('base64')}`,
    mediaType: 'image/png',
    name: 'dot.png',
  });
});
