// Older turns are written once; what is sent is the same as if everything were written anew.
import { Agent, type Message } from '@turnstream/core';
import { httpError, mockModel, reply } from '@turnstream/testkit';
import fc from 'fast-check';
import { OpenAI } from 'openai';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { chatBody, chatMessages } from '../../src/chat-completions/request.ts';
import { bodyAfter, bodyOf } from '../../src/conversation/body.ts';
import type { Conversation } from '../../src/conversation/conversation.ts';
import { SerializedHistory } from '../../src/conversation/serialized-history.ts';
import { OpenAIChatCompletionsClient, OpenAIResponsesClient } from '../../src/index.ts';
import { inputItems } from '../../src/responses/items.ts';
import { responsesBody } from '../../src/responses/request.ts';
import { PROFILES } from '../../src/service/profile.ts';
import { API_KEY, question } from '../both-apis.ts';

const says = (role: Message['role'], contents: Message['contents']): Message => ({ role, contents });
const reasoning = {
  type: 'text_reasoning',
  text: 'Hm.',
  id: 'rs_1',
  opaque: { openai_responses: { encrypted_content: 'x' } },
} as const;
const call = { type: 'function_call', callId: 'call_1', name: 'weather', arguments: '{"city":"Köln"}' } as const;

/** What a turn can be made of. */
const TURNS: readonly (readonly Message[])[] = [
  [says('user', 'What is it?'), says('assistant', 'It is "quoted", and 🎉.')],
  [says('user', 'And?'), says('assistant', [reasoning, { type: 'text', text: 'So it is.' }])],
  [says('user', 'Why?'), says('assistant', [reasoning])],
  [says('user', 'Then?'), says('assistant', [reasoning]), says('assistant', 'Then it is.')],
  [
    says('user', 'Weather?'),
    says('assistant', [reasoning, call]),
    says('tool', [{ type: 'function_result', callId: 'call_1', result: '{"ok":true}' }]),
    { ...says('assistant', 'Sunny.'), authorName: 'weather agent' },
  ],
  [says('system', 'Be brief.'), says('user', 'One.'), says('user', 'Two.'), says('assistant', '')],
];

const APIS: readonly [string, (messages: readonly Message[]) => Conversation][] = [
  [
    'Chat Completions',
    (messages) => ({
      messages,
      form: '',
      encode: (part) => chatMessages(part, PROFILES.openai),
      bodyWith: (list) =>
        chatBody({ model: 'm' }, question({ messages, instructions: 'Be kind.' }), PROFILES.openai, list),
    }),
  ],
  [
    'Responses',
    (messages) => ({
      messages,
      form: '',
      encode: inputItems,
      bodyWith: (list) => responsesBody({ model: 'm' }, question({ messages, instructions: 'Be kind.' }), list),
    }),
  ],
];

const turn = (number: number): Message[] => [says('user', `Question ${number}`), says('assistant', `Answer ${number}`)];
const turns = (count: number): Message[] => Array.from({ length: count }, (_, number) => turn(number)).flat();
const asked = (messages: readonly Message[]): Message[] => [...messages, says('user', 'Next?')];

/** The body as it is sent, whichever way it was made. */
function sent(body: object): string {
  return body instanceof Uint8Array ? new TextDecoder().decode(body) : JSON.stringify(body);
}

/** Counts how many messages are written in each request. */
function watched(conversation: Conversation): { readonly conversation: Conversation; readonly written: () => number } {
  let count = 0;
  const encode: Conversation['encode'] = (part) => {
    count += part.length;
    return conversation.encode(part);
  };
  return { conversation: { ...conversation, encode }, written: () => count };
}

describe.each(APIS)('%s', (_, conversationOf) => {
  /** Checks the body and says how many messages were written for it. */
  const write = (history: SerializedHistory, messages: readonly Message[], form = ''): number => {
    const { conversation, written } = watched({ ...conversationOf(messages), form });
    const body = sent(bodyAfter(history, conversation));
    expect(body).toBe(sent(bodyOf(conversationOf(messages))));
    return written();
  };

  test('whatever the turns contain, the body is the same as without the cached bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(TURNS.length - 1), { minLength: 12, maxLength: 40 }), (kinds) => {
        const history = new SerializedHistory();
        const messages: Message[] = [];
        for (const kind of kinds) {
          write(history, asked(messages));
          // As between the rounds of tools: the last message is not a question.
          for (const unfinished of [TURNS[3]!, TURNS[4]!]) write(history, [...messages, ...unfinished.slice(0, 3)]);
          messages.push(...TURNS[kind]!.map((message) => ({ ...message })));
        }
      }),
      { numRuns: 15 },
    );
  });

  test('from its second sight on, a long conversation costs its new turn and the question', () => {
    const history = new SerializedHistory();
    const messages = turns(20);

    const counts = [write(history, asked(messages)), write(history, asked(messages))];
    messages.push(...turn(20));
    counts.push(write(history, asked(messages)));

    expect(counts).toEqual([41, 41, 3]);
  });

  test('a question in two messages is written anew with each request, and only that', () => {
    const history = new SerializedHistory();
    const messages = [...turns(20), says('user', 'Next?'), says('user', 'And please be quick.')];

    const counts = [1, 2, 3].map(() => write(history, messages));

    expect(counts).toEqual([42, 42, 2]);
  });

  test('what is kept does not keep the process running', () => {
    const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const history = new SerializedHistory();
    const messages = turns(20);
    const before = timers();

    write(history, asked(messages));
    write(history, asked(messages));

    expect(timers()).toBe(before);
  });

  test.each([
    [9, [19, 19, 19]],
    [10, [21, 21, 1]],
  ])('a conversation of %i turns is written %j messages at a time: only a long one is kept', (count, expected) => {
    const history = new SerializedHistory();
    const messages = turns(count);

    const counts = [1, 2, 3].map(() => write(history, asked(messages)));

    expect(counts).toEqual(expected);
  });

  test('between the rounds of tools, the turn that is under way is written anew', () => {
    const history = new SerializedHistory();
    const messages = [...turns(20), ...TURNS[4]!.slice(0, 3)];

    const counts = [1, 2, 3].map(() => write(history, messages));

    expect(counts).toEqual([43, 43, 3]);
  });

  test('a turn that was kept whole and is asked again is written anew', () => {
    const history = new SerializedHistory();
    const messages = turns(20);
    write(history, asked(messages));
    write(history, asked(messages));

    expect(write(history, messages)).toBe(40);
  });

  test('a history that is loaded again for each run is never cached', () => {
    const history = new SerializedHistory();

    const counts = [1, 2, 3].map(() => write(history, asked(structuredClone(turns(20)))));

    expect(counts).toEqual([41, 41, 41]);
  });

  test.each<[string, (messages: Message[]) => Message[]]>([
    ['was rewound', (messages) => messages.slice(0, 30)],
    ['was rewound and went on', (messages) => [...messages.slice(0, 30), ...turn(99), ...turn(98), ...turn(97)]],
    ['was compacted in the middle', (messages) => [...messages.slice(0, 4), ...turn(99), ...messages.slice(10)]],
    [
      'has a message that was changed in place',
      (messages) => (Object.assign(messages[7]!, { contents: '[removed]' }), messages),
    ],
    [
      'has a message by another author',
      (messages) => messages.with(7, Object.assign({}, messages[7]!, { authorName: 'Atlas' })),
    ],
    ['is written in another form', (messages) => messages],
  ])('a conversation that %s is sent as it is now', (name, change) => {
    const history = new SerializedHistory();
    const messages = turns(20);
    write(history, asked(messages));
    write(history, asked(messages));

    const changed = change(messages);
    const written = write(history, asked(changed), name.endsWith('form') ? 'other' : '');

    expect(written).toBe(changed.length + 1);
  });

  test('bytes are released after 30 s without a request, and the next turn serializes them again', () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const history = new SerializedHistory();
    const messages = turns(20);
    write(history, asked(messages));
    write(history, asked(messages));

    vi.advanceTimersByTime(29_999);
    const before = [write(history, asked(messages))];
    vi.advanceTimersByTime(29_999);
    before.push(write(history, asked(messages)));
    vi.advanceTimersByTime(30_000);
    const after = [write(history, asked(messages)), write(history, asked(messages))];

    expect(before).toEqual([1, 1]);
    expect(after).toEqual([41, 1]);
  });
});

test.each([OpenAIChatCompletionsClient, OpenAIResponsesClient])(
  '%o: a long session sends the same as through an SDK that is passed in, retries included',
  async (Client) => {
    const bodies = async (newOptions: () => object): Promise<unknown[]> => {
      const replies = Array.from({ length: 13 }, (_, number) => reply(`Answer ${number}: "ja", 🎉`));
      using model = mockModel(
        ...replies.slice(0, 12),
        httpError(500, { headers: { 'retry-after-ms': '1' } }),
        ...replies.slice(12),
      );
      const agent = new Agent({ client: new Client({ model: 'm', ...newOptions() }), instructions: 'Be brief.' });
      const session = agent.createSession();
      for (const { text } of replies.map((_, number) => ({ text: `Question ${number}` })))
        await agent.run(text, { session });
      expect(model.requests.map(({ headers }) => headers['content-type'])).toEqual(Array(14).fill('application/json'));
      return model.requests.map(({ body }) => body);
    };
    const sdk = { apiKey: API_KEY, baseURL: 'http://model.test/v1' };

    const own = await bodies(() => sdk);
    const handedIn = await bodies(() => ({ client: new OpenAI(sdk) }));

    expect(own).toEqual(handedIn);
    expect(own).toHaveLength(14);
  },
);
