// Every protocol that the server speaks, as one table: how to ask in it, and how its streams end.
import { createParser } from 'eventsource-parser';
import { openRig, type Rig, type RigOptions } from '../app-rig.ts';

export interface Spoken {
  readonly path: string;
  /** A streamed question in a conversation of its own. */
  readonly ask: (text: string) => object;
  /** What turns the protocol on. */
  readonly options: RigOptions;
  /** The text of a payload; '' when it has none. */
  readonly textOf: (payload: Payload) => string;
  /** What a failed stream says last, in words for a person; undefined for payloads that are not an error. */
  readonly errorOf: (payload: Payload) => string | undefined;
  /** Whether it is the mark of a whole answer. */
  readonly isEnd: (payload: Payload) => boolean;
  /** A reader that leaves, or reads nothing, does not stop the answer. */
  readonly outlivesReader?: boolean;
  /** The words of a refusal. */
  readonly refusalOf: (body: string) => string;
}

/** What tests read of a payload, in whatever protocol. */
export interface Payload {
  readonly event?: string;
  readonly type?: string;
  readonly text?: string;
  readonly delta?: string;
  readonly message?: string;
  readonly errorText?: string;
  readonly choices?: readonly {
    readonly delta: { readonly content?: string };
    readonly finish_reason: string | null;
  }[];
  readonly error?: { readonly message: string };
  readonly artifactUpdate?: { readonly artifact: { readonly parts: readonly [{ readonly text: string }] } };
  readonly statusUpdate?: {
    readonly status: {
      readonly state: string;
      readonly message?: { readonly parts: readonly [{ readonly text: string }] };
    };
  };
}

export const spoken: Readonly<Record<string, Spoken>> = {
  'our own': {
    path: '/chat/stream',
    options: {},
    ask: (message) => ({ message }),
    textOf: ({ text }) => text ?? '',
    errorOf: ({ event, message }) => (event === 'error' ? message : undefined),
    isEnd: ({ event }) => event === 'done',
    refusalOf: (body) => JSON.parse(body).error.message,
  },
  'the AI SDK’s, history at the server': {
    ...ui(),
    options: { ui: { history: 'server' } },
  },
  'the AI SDK’s, history at the client': {
    ...ui(),
    options: { ui: { history: 'client' } },
  },
  'the AI SDK’s, with answers that outlive their reader': {
    ...ui(),
    options: { ui: { history: 'server', resume: true } },
    outlivesReader: true,
  },
  'Chat Completions': chatCompletions(),
  'A2A’s': a2a(),
  'Responses, stored': responses({}),
  'Responses, not stored': responses({ store: false }),
  'AG-UI’s, history at the server': agui('server'),
  'AG-UI’s, history at the client': agui('client'),
};

function agui(history: 'client' | 'server'): Spoken {
  return {
    path: '/agui',
    options: { agui: { history } },
    ask: (content) => ({
      threadId: crypto.randomUUID(),
      runId: crypto.randomUUID(),
      messages: [{ id: 'm1', role: 'user', content }],
    }),
    textOf: ({ type, delta = '' }) => (type === 'TEXT_MESSAGE_CONTENT' ? delta : ''),
    errorOf: ({ type, message }) => (type === 'RUN_ERROR' ? message : undefined),
    isEnd: ({ type }) => type === 'RUN_FINISHED',
    refusalOf: (body) => JSON.parse(body).error.message,
  };
}

function chatCompletions(): Spoken {
  return {
    path: '/v1/chat/completions',
    options: { openai: {} },
    ask: (content) => ({ model: 'agent', messages: [{ role: 'user', content }], stream: true }),
    textOf: ({ choices }) => choices?.[0]?.delta.content ?? '',
    errorOf: ({ error }) => error?.message,
    isEnd: ({ choices }) => choices?.[0]?.finish_reason != null,
    refusalOf: (body) => JSON.parse(body).error.message,
  };
}

function responses(members: object): Spoken {
  return {
    path: '/v1/responses',
    options: { openai: {} },
    ask: (input) => ({ model: 'agent', input, stream: true, ...members }),
    textOf: ({ type, delta = '' }) => (type === 'response.output_text.delta' ? delta : ''),
    errorOf: ({ type, message }) => (type === 'error' ? message : undefined),
    isEnd: ({ type }) => type === 'response.completed' || type === 'response.incomplete',
    refusalOf: (body) => JSON.parse(body).error.message,
  };
}

function a2a(): Spoken {
  return {
    path: '/message:stream?A2A-Version=1.0',
    options: { a2a: { description: 'Answers questions.' } },
    ask: (text) => ({ message: { messageId: 'm1', role: 'ROLE_USER', parts: [{ text }] } }),
    textOf: ({ artifactUpdate }) => artifactUpdate?.artifact.parts[0].text ?? '',
    errorOf: ({ statusUpdate }) => statusUpdate?.status.message?.parts[0].text,
    isEnd: ({ statusUpdate }) => statusUpdate?.status.state === 'TASK_STATE_COMPLETED',
    refusalOf: (body) => JSON.parse(body).error.message,
  };
}

function ui(): Omit<Spoken, 'options'> {
  return {
    path: '/chat/ui',
    ask: (text) => ({
      id: crypto.randomUUID(),
      messages: [{ id: 'm1', role: 'user', parts: [{ type: 'text', text }] }],
    }),
    textOf: ({ type, delta = '' }) => (type === 'text-delta' ? delta : ''),
    errorOf: ({ errorText }) => errorText,
    isEnd: ({ type }) => type === 'finish',
    refusalOf: (body) => body,
  };
}

/** The payloads of a stream while they come, with the name of their frame. Leaving closes the connection. */
export async function* payloads(response: Response): AsyncGenerator<Payload, undefined> {
  const arrived: Payload[] = [];
  const parser = createParser({
    onEvent: ({ event, data }) => void (data === '[DONE]' || arrived.push({ event, ...JSON.parse(data) })),
  });
  const decoder = new TextDecoder();
  for await (const bytes of response.body as unknown as AsyncIterable<Uint8Array>) {
    parser.feed(decoder.decode(bytes, { stream: true }));
    yield* arrived.splice(0);
  }
}

export async function openFor({ options }: Spoken, more: RigOptions = {}): Promise<Rig> {
  return openRig({ ...options, ...more });
}

export function said({ textOf }: Spoken, all: readonly Payload[]): string {
  return all.map(textOf).join('');
}

/** How the streams ended, each with the words of its error. */
export function endsOf({ errorOf, isEnd }: Spoken, all: readonly Payload[]): readonly string[] {
  return all.flatMap((payload) => errorOf(payload) ?? (isEnd(payload) ? 'end' : []));
}
