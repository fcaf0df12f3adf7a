// What the two APIs do differently for somebody who writes both bodies and reads both frames by hand.
import { INSTRUCTIONS, MODEL } from './peer.ts';
import { type Api, TOOL, TOOL_PARAMETERS } from './wire.ts';

/** A message, or an item of the Responses API. */
export type WireMessage = object;

export interface WireCall {
  readonly id: string;
  arguments: string;
}

export interface Dialect {
  readonly path: string;
  readonly body: (messages: readonly WireMessage[], stream: boolean) => object;
  /** The tool as this API declares it. */
  readonly tool: object;
  readonly textOfFrame: (frame: unknown) => string;
  /** Adds the calls of a frame, or the fragments of one, to those of the answer. */
  readonly takeCalls: (frame: unknown, calls: WireCall[]) => void;
  /** The calls and their results as the next request carries them. */
  readonly round: (calls: readonly WireCall[], result: string) => readonly WireMessage[];
  readonly textOfAnswer: (answer: unknown) => string;
}

interface ChatChunk {
  readonly choices: readonly [{ readonly delta: { readonly content?: string; readonly tool_calls?: CallFragments } }?];
}

type CallFragments = readonly {
  readonly index: number;
  readonly id?: string;
  readonly function: { readonly arguments: string };
}[];

interface ResponsesEvent {
  readonly type: string;
  readonly delta?: string;
  readonly item?: { readonly type: string; readonly call_id: string; readonly arguments: string };
}

interface ChatAnswer {
  readonly choices: readonly [{ readonly message: { readonly content: string } }];
}

interface ResponsesAnswer {
  readonly output: readonly [{ readonly content: readonly [{ readonly text: string }] }];
}

const { name, description } = TOOL;

const chat: Dialect = {
  path: '/chat/completions',
  body: (messages, stream) => ({
    model: MODEL,
    messages: [{ role: 'system', content: INSTRUCTIONS }, ...messages],
    stream,
    ...(stream ? { stream_options: { include_usage: true } } : {}),
  }),
  tool: { type: 'function', function: { name, description, parameters: TOOL_PARAMETERS } },
  textOfFrame: (frame) => (frame as ChatChunk).choices[0]?.delta.content ?? '',
  takeCalls: (frame, calls) => {
    for (const { index, id, function: part } of (frame as ChatChunk).choices[0]?.delta.tool_calls ?? []) {
      const call = (calls[index] ??= { id: id ?? '', arguments: '' });
      call.arguments += part.arguments;
    }
  },
  round: (calls, result) => [
    {
      role: 'assistant',
      content: null,
      tool_calls: calls.map(({ id, arguments: args }) => ({
        id,
        type: 'function',
        function: { name, arguments: args },
      })),
    },
    ...calls.map(({ id }) => ({ role: 'tool', tool_call_id: id, content: result })),
  ],
  textOfAnswer: (answer) => (answer as ChatAnswer).choices[0].message.content,
};

const responses: Dialect = {
  path: '/responses',
  body: (input, stream) => ({ model: MODEL, instructions: INSTRUCTIONS, input, stream, store: false }),
  tool: { type: 'function', name, description, parameters: TOOL_PARAMETERS, strict: true },
  textOfFrame: (frame) => {
    const { type, delta } = frame as ResponsesEvent;
    return type === 'response.output_text.delta' ? (delta ?? '') : '';
  },
  takeCalls: (frame, calls) => {
    const { type, item } = frame as ResponsesEvent;
    if (type === 'response.output_item.done' && item?.type === 'function_call')
      calls.push({ id: item.call_id, arguments: item.arguments });
  },
  round: (calls, output) => [
    ...calls.map(({ id, arguments: args }) => ({ type: 'function_call', call_id: id, name, arguments: args })),
    ...calls.map(({ id }) => ({ type: 'function_call_output', call_id: id, output })),
  ],
  textOfAnswer: (answer) => (answer as ResponsesAnswer).output[0].content[0].text,
};

export const DIALECTS: Readonly<Record<Api, Dialect>> = { chat, responses };
