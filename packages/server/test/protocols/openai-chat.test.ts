// /v1/models and /v1/chat/completions with the unmodified client of OpenAI.
import { answer, callTool, httpError, refuse, reply, stallAfter } from '@turnstream/testkit';
import OpenAI, { APIError, BadRequestError, InternalServerError } from 'openai';
import { expect, test } from 'vitest';
import { openRig, TOKEN } from '../app-rig.ts';
import { five, paying } from '../paying.ts';
import { asked, clientOf, look, weather } from './openai-chat-calls.ts';

test('the agent is the only model, under its own name or the configured one', async () => {
  await using named = await openRig({ openai: {}, agent: { name: 'support' } });
  await using given = await openRig({ openai: { model: 'helper' }, agent: { name: 'support' } });

  const lists = await Promise.all([named, given].map((rig) => clientOf(rig).models.list()));

  expect(lists.map(({ data }) => data.map(({ id }) => id))).toEqual([['support'], ['helper']]);
});

test('a whole answer is a completion, with the tokens and the id of the request', async () => {
  const usage = { inputTokens: 90, outputTokens: 30, cachedInputTokens: 64, reasoningTokens: 20 };
  await using rig = await openRig({ openai: {}, steps: [reply('A language.', { usage })] });

  const { data, request_id: requestId } = await clientOf(rig)
    .chat.completions.create(asked('What is Python?'))
    .withResponse();

  expect(data.choices).toEqual([
    {
      index: 0,
      message: { role: 'assistant', content: 'A language.', refusal: null },
      logprobs: null,
      finish_reason: 'stop',
    },
  ]);
  expect(data).toMatchObject({ object: 'chat.completion', model: 'agent' });
  expect(data.usage).toEqual({
    prompt_tokens: 90,
    completion_tokens: 30,
    total_tokens: 120,
    prompt_tokens_details: { cached_tokens: 64 },
    completion_tokens_details: { reasoning_tokens: 20 },
  });
  expect(requestId).toMatch(/^[\w-]{36}$/);
});

test('the caller sends the first turn with the second, and the server stores nothing', async () => {
  await using rig = await openRig({ openai: {}, steps: [reply(['19', '91'])] });
  const messages = [
    { role: 'user' as const, content: 'What is Python?' },
    { role: 'assistant' as const, content: 'A language.' },
    { role: 'user' as const, content: [{ type: 'text' as const, text: 'How old is it?' }] },
  ];

  const stream = clientOf(rig).chat.completions.stream({
    model: 'agent',
    messages,
    stream_options: { include_usage: true },
  });
  const completion = await stream.finalChatCompletion();

  expect(completion.choices[0]!.message.content).toBe('1991');
  expect(completion.usage).toMatchObject({ completion_tokens: 1 });
  expect(rig.model.requests[0]!.texts).toEqual(['What is Python?', 'A language.', 'How old is it?']);
  expect(await (await rig.get('/sessions')).json()).toEqual({ sessions: [] });
});

test('the server runs the agent’s tool without showing it', async () => {
  const steps = [answer([reply('Let me look. '), callTool('get_weather', { city: 'Oslo' })]), reply('Rain.')];
  await using rig = await openRig({ openai: {}, agent: { tools: [weather] }, steps: [...steps, ...steps] });

  const streamed = await clientOf(rig).chat.completions.stream(asked('Weather?')).finalChatCompletion();
  const whole = await clientOf(rig).chat.completions.create(asked('Weather?'));

  for (const { choices } of [streamed, whole]) {
    expect(choices[0]).toMatchObject({ message: { content: 'Let me look. Rain.' }, finish_reason: 'stop' });
    expect(choices[0]!.message.tool_calls).toBeUndefined();
    expect(JSON.stringify(choices)).not.toContain('secret');
  }
});

test.each([true, false])(
  'a tool of the caller runs there, beside one of the agent, streamed: %s',
  async (isStreamed) => {
    const calls = answer([
      callTool('get_weather', { city: 'Oslo' }, { callId: 'call_1' }),
      callTool('look', ['{"at":', '"sky"}'], { callId: 'call_2', lateName: isStreamed }),
    ]);
    await using rig = await openRig({ openai: {}, agent: { tools: [weather] }, steps: [calls, reply('Blue.')] });
    const at: string[] = [];
    const run = (args: { at: string }): string => {
      at.push(args.at);
      return 'blue';
    };
    const tools = [{ type: 'function' as const, function: { ...look.function, parse: JSON.parse, function: run } }];
    const { completions } = clientOf(rig).chat;

    const runner = isStreamed
      ? completions.runTools({ ...asked('What is the sky?'), tools, stream: true })
      : completions.runTools({ ...asked('What is the sky?'), tools });

    expect([await runner.finalContent(), at]).toEqual(['Blue.', ['sky']]);
    expect(rig.model.requests[0]!.tools.map(({ name }) => name)).toEqual(['get_weather', 'look']);
    expect(rig.model.requests[1]!.texts).toEqual(['What is the sky?', '', 'blue']);
  },
);

test('the caller’s tools are offered as it says, and the agent’s own stay', async () => {
  await using rig = await openRig({
    openai: {},
    agent: { tools: [weather] },
    steps: [reply('A'), reply('B'), reply('C')],
  });
  const { completions } = clientOf(rig).chat;

  await completions.create({ ...asked('Hi'), tools: [look], tool_choice: 'none' });
  await completions.create({ ...asked('Hi'), tools: [look], tool_choice: 'required' });
  await completions.create({
    ...asked('Hi'),
    tools: [look],
    tool_choice: { type: 'function', function: { name: 'look' } },
  });

  expect(rig.model.requests.map(({ tools }) => tools.length)).toEqual([1, 2, 2]);
  expect(rig.model.requests.map(({ toolChoice }) => toolChoice)).toEqual(['auto', 'required', { name: 'look' }]);
});

test('a refusal of the model, and an answer that was cut short, say so', async () => {
  const cut = reply('A lang', { finishReason: 'length' });
  await using rig = await openRig({ openai: {}, steps: [refuse('I cannot.'), refuse('I cannot.'), cut] });
  const { completions } = clientOf(rig).chat;

  const streamed = await completions.stream(asked('Go')).finalChatCompletion();
  const whole = await completions.create(asked('Go'));
  const short = await completions.create(asked('Go'));

  for (const { choices } of [streamed, whole]) expect(choices[0]!.message).toMatchObject({ refusal: 'I cannot.' });
  expect(short.choices[0]!.finish_reason).toBe('length');
});

test('a tool that needs approval cannot be asked about here, and does not run', async () => {
  const { pay, paid } = paying();
  await using rig = await openRig({
    openai: {},
    agent: { tools: [pay] },
    steps: [callTool('pay', [five]), callTool('pay', [five])],
  });
  const { completions } = clientOf(rig).chat;

  const whole = await completions.create(asked('Pay.')).catch((error: unknown) => error);
  const streamed = await completions
    .stream(asked('Pay.'))
    .finalChatCompletion()
    .catch((error: unknown) => error);

  expect(whole).toBeInstanceOf(BadRequestError);
  for (const error of [whole, streamed])
    expect(error).toMatchObject({ message: expect.stringContaining('needs approval, which cannot be given here') });
  expect(paid).toEqual([]);
});

test('a failed answer throws in the client, and is not tried again by itself', async () => {
  await using rig = await openRig({ openai: {}, steps: [httpError(500), httpError(500)] });
  const { completions } = new OpenAI({ apiKey: TOKEN, baseURL: `${rig.url}/v1` }).chat;

  const whole = await completions.create(asked('Hi')).catch((error: unknown) => error);
  const streamed = await Array.fromAsync(await completions.create({ ...asked('Hi'), stream: true })).catch(
    (error: unknown) => error,
  );

  expect(whole).toBeInstanceOf(InternalServerError);
  expect(streamed).toBeInstanceOf(APIError);
  for (const error of [whole, streamed]) {
    expect(error).toMatchObject({
      type: 'server_error',
      code: 'server_error',
      message: expect.stringContaining("model's service failed"),
    });
  }
  expect(rig.model.requests).toHaveLength(2);
});

test('a server that is only busy is worth another try', async () => {
  await using failing = await openRig({ openai: {}, steps: [httpError(500)] });
  await using busy = await openRig({ openai: {}, ceilings: { streams: 0 } });

  const answers = await Promise.all([failing, busy].map((rig) => rig.post('/v1/chat/completions', asked('Hi'))));

  expect(answers.map(({ status, headers }) => [status, headers.get('x-should-retry')])).toEqual([
    [502, 'false'],
    [503, null],
  ]);
});

test('aborting closes the connection of the model', async () => {
  const stuck = reply(['Once ', 'upon'], { fault: stallAfter({ chunks: 1 }) });
  await using rig = await openRig({ openai: {}, steps: [stuck] });
  const stream = await clientOf(rig).chat.completions.create({ ...asked('Go'), stream: true });
  for await (const { choices } of stream) if (choices[0]?.delta.content === 'Once ') break;

  stream.controller.abort();

  await rig.model.requests[0]!.closed;
  expect(rig.model.requests[0]).toMatchObject({ closedEarly: true, bytesAfterLeaving: 0 });
});

test('a server that dies in mid-answer throws in the client, however it reads', async () => {
  const stuck = reply(['Once ', 'upon'], { fault: stallAfter({ chunks: 1 }) });
  await using rig = await openRig({ openai: {}, steps: [stuck, stuck] });
  const { completions } = clientOf(rig).chat;
  const texts: string[] = [];
  const reading = async (): Promise<void> => {
    for await (const { choices } of await completions.create({ ...asked('Go'), stream: true }))
      texts.push(choices[0]?.delta.content ?? '');
  };
  const folding = completions.stream(asked('Go'));
  folding.on('content', (text) => void texts.push(text));
  const both = Promise.allSettled([reading(), folding.finalChatCompletion()]);
  await expect.poll(() => texts.filter((text) => text === 'Once ').length).toBe(2);

  rig.app.server.closeAllConnections();

  expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});
