// What a message may hold, and what a task holds of the answer: files, and how much text.
import { type ChatRequest, chatUpdate } from '@turnstream/core/seams';
import { reply } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { approved, five, paying } from '../../paying.ts';
import { asked, errorOf } from './expected.ts';
import { openA2A, sent } from './rig.ts';

const headers = { 'a2a-version': '1.0' };

test('files of the declared types are part of the question, an empty text is not, and other files are refused', async () => {
  const a2a = { description: 'Sees.', inputModes: ['image/png', 'application/pdf'] };
  await using rig = await openA2A({ a2a, steps: [reply('A cat.'), reply('Another.')] });
  const parts = [{ text: 'What is this?' }, { raw: 'aGk=', mediaType: 'image/png' }];
  const paper = { raw: 'aGk=', mediaType: 'application/pdf; version=1.7', filename: 'a.pdf' };

  const task = await rig.send({ parts: [...parts, paper, { text: 'And this?' }] });
  const { body: found } = await rig.call(`/tasks/${task.id}`);
  const silent = await rig.send({ parts: [{ text: '', filename: null }, ...parts.slice(1)] });
  const refused = [
    await rig.call('/message:send', sent({ parts }, { returnImmediately: true })),
    await rig.call('/message:send', sent({ parts: [parts[0]!, { raw: 'aGk=', mediaType: 'image/gif' }] })),
    await rig.call('/message:send', sent({ parts: [parts[0]!, { url: 'file:///etc', mediaType: 'image/png' }] })),
  ];

  expect(rig.model.requests[0]!.body['input']).toEqual([
    {
      type: 'message',
      role: 'user',
      content: [
        { type: 'input_text', text: 'What is this?' },
        { type: 'input_image', image_url: 'data:image/png;base64,aGk=', detail: 'auto' },
        { type: 'input_file', file_data: 'data:application/pdf;version=1.7;base64,aGk=', filename: 'a.pdf' },
        { type: 'input_text', text: 'And this?' },
      ],
    },
  ]);
  expect(rig.model.requests[1]!.body['input']).toMatchObject([{ content: [{ type: 'input_image' }] }]);
  expect(task.history).toEqual([asked(task, 'What is this?\nAnd this?')]);
  expect([task, found].map(({ artifacts }) => artifacts)).toEqual([
    [{ artifactId: 'answer', parts: [{ text: 'A cat.' }] }],
    [{ artifactId: 'answer', parts: [{ text: 'A cat.' }] }],
  ]);
  expect(silent.artifacts).toEqual([{ artifactId: 'answer', parts: [{ text: 'Another.' }] }]);
  expect(refused.map(({ body }) => body.error)).toEqual([
    errorOf('UNSUPPORTED_OPERATION', 'Files are not read in the background. Leave returnImmediately out.'),
    errorOf(
      'CONTENT_TYPE_NOT_SUPPORTED',
      'A part has the media type "image/gif"; this agent reads: text, image/png, application/pdf.',
    ),
    errorOf(
      'INPUT_INVALID',
      'A file needs its media type, such as image/png, and its bytes in base64 or an http or https address.',
    ),
  ]);
});

test('files that the model made are found again with the task, and those of the question are not', async () => {
  async function* send() {
    const uri = 'data:image/png;base64,Y2F0';
    yield chatUpdate({ role: 'assistant', contents: [{ type: 'data', uri, mediaType: 'image/png' }] });
    yield chatUpdate({ contents: [{ type: 'text', text: 'A cat.' }], finishReason: 'stop' });
  }
  const a2a = { description: 'Draws.', inputModes: ['image/png'] };
  await using rig = await openA2A({ a2a, agent: { client: { send } } });

  const task = await rig.send({ parts: [{ text: 'As this one.' }, { raw: 'aGk=', mediaType: 'image/png' }] });
  const { body: found } = await rig.call(`/tasks/${task.id}`);

  const artifacts = [
    { artifactId: 'answer', parts: [{ text: 'A cat.' }] },
    { artifactId: 'file-1', parts: [{ raw: 'Y2F0', mediaType: 'image/png' }] },
  ];
  expect([task.artifacts, found.artifacts]).toEqual([artifacts, artifacts]);
});

test('a task that goes on after an approval keeps its files and its text, and adds to them', async () => {
  const { pay } = paying();
  const picture = (bytes: string) =>
    ({ type: 'data', uri: `data:image/png;base64,${bytes}`, mediaType: 'image/png' }) as const;
  async function* send({ messages }: ChatRequest) {
    const isFirst = messages.length === 1;
    yield chatUpdate({
      contents: [{ type: 'text', text: isFirst ? 'One. ' : 'Two.' }, picture(isFirst ? 'b25l' : 'dHdv')],
    });
    if (isFirst)
      yield chatUpdate({ contents: [{ type: 'function_call', callId: 'call_1', name: 'pay', arguments: five }] });
    yield chatUpdate({ finishReason: isFirst ? 'tool_calls' : 'stop' });
  }
  await using rig = await openA2A({ agent: { client: { send }, tools: [pay] } });
  const { id } = await rig.send({});

  const task = await rig.send({ taskId: id, parts: [{ data: { approvals: approved } }] });
  const { body: found } = await rig.call(`/tasks/${id}`);

  const artifacts = [
    { artifactId: 'answer', parts: [{ text: 'One. Two.' }] },
    { artifactId: 'file-1', parts: [{ raw: 'b25l', mediaType: 'image/png' }] },
    { artifactId: 'file-2', parts: [{ raw: 'dHdv', mediaType: 'image/png' }] },
  ];
  expect([task.artifacts, found.artifacts]).toEqual([artifacts, artifacts]);
});

test('each of the two routes has its own input limits', async () => {
  const limits = (maxMessageChars: number) => ({ maxMessageChars, maxBodyBytes: 1_000 + maxMessageChars });
  const input = { '/message:send': limits(10_000), '/message:stream': limits(9_000) };
  await using rig = await openA2A({ input, steps: [reply('Long.'), reply('Long.')] });
  const statuses = async (path: string, chars: readonly number[]): Promise<readonly number[]> => {
    const answers = chars.map((count) => rig.post(path, sent({ parts: [{ text: 'x'.repeat(count) }] }), { headers }));
    return (await Promise.all(answers)).map(({ status }) => status);
  };

  expect(await statuses('/message:send', [10_000, 10_001, 11_000])).toEqual([200, 400, 413]);
  expect(await statuses('/message:stream', [9_000, 9_001, 10_000])).toEqual([200, 400, 413]);
});
