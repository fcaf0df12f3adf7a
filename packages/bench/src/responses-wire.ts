// How the Responses API writes an answer: the full sequence of events around one message.
import { callsOfRound, chunksOfText, type Frames, idOf, TOOL } from './wire.ts';

const USAGE = {
  input_tokens: 20,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 80,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 100,
};

/** `thoughts` is the number of pieces of reasoning before the text. */
export function responsesFrames(number: number, chunks: number, thoughts = 0): Frames {
  const event = numberedEvents();
  const output_index = thoughts > 0 ? 1 : 0;
  const at = { item_id: idOf('msg_', number), output_index, content_index: 0 };
  const texts = chunksOfText(chunks);
  const text = texts.join('');
  const opened = responseObject(number, 'in_progress', []);
  const item = messageItem(number, 'in_progress', []);
  return {
    opening: [
      event('response.created', { response: opened }),
      event('response.in_progress', { response: opened }),
      ...(thoughts > 0 ? reasoningEvents(event, number, thoughts) : []),
      event('response.output_item.added', { output_index, item }),
      event('response.content_part.added', { ...at, part: textPart('') }),
    ].join(''),
    chunks: texts.map((delta) =>
      event('response.output_text.delta', { ...at, delta, logprobs: [], obfuscation: 'Xd8sQ2' }),
    ),
    ending: [
      event('response.output_text.done', { ...at, text, logprobs: [] }),
      event('response.content_part.done', { ...at, part: textPart(text) }),
      event('response.output_item.done', { output_index, item: messageItem(number, 'completed', [textPart(text)]) }),
      event('response.completed', { response: responsesJson(number, chunks, thoughts) }),
    ].join(''),
  };
}

function reasoningEvents(event: Events, number: number, thoughts: number): readonly string[] {
  const texts = chunksOfText(thoughts);
  const at = { item_id: idOf('rs_', number), output_index: 0, summary_index: 0 };
  const part = { type: 'summary_text', text: texts.join('') };
  return [
    event('response.output_item.added', { output_index: 0, item: reasoningItem(number, []) }),
    event('response.reasoning_summary_part.added', { ...at, part: { ...part, text: '' } }),
    ...texts.map((delta) => event('response.reasoning_summary_text.delta', { ...at, delta, obfuscation: 'Xd8sQ2' })),
    event('response.reasoning_summary_text.done', { ...at, text: part.text }),
    event('response.reasoning_summary_part.done', { ...at, part }),
    event('response.output_item.done', { output_index: 0, item: reasoningItem(number, [part]) }),
  ];
}

function reasoningItem(number: number, summary: readonly object[]): object {
  return { id: idOf('rs_', number), type: 'reasoning', summary };
}

/** An answer that asks for a round of tool calls. */
export function responsesCalls(number: number, round: number): string {
  const event = numberedEvents();
  const opened = responseObject(number, 'in_progress', []);
  const calls = callsOfRound(round).map(({ id, fragments }) => ({
    id: id.replace('call', 'fc'),
    call_id: id,
    fragments,
  }));
  const items = calls.map(({ id, call_id, fragments }) => callItem(id, call_id, 'completed', fragments.join('')));
  const frames = calls.flatMap(({ id, call_id, fragments }, output_index) => {
    const at = { item_id: id, output_index };
    return [
      event('response.output_item.added', { output_index, item: callItem(id, call_id, 'in_progress', '') }),
      ...fragments.map((delta) =>
        event('response.function_call_arguments.delta', { ...at, delta, obfuscation: 'Xd8' }),
      ),
      event('response.function_call_arguments.done', { ...at, arguments: fragments.join('') }),
      event('response.output_item.done', { output_index, item: items[output_index] }),
    ];
  });
  const whole = { ...responseObject(number, 'completed', items), usage: USAGE };
  return [
    event('response.created', { response: opened }),
    event('response.in_progress', { response: opened }),
    ...frames,
    event('response.completed', { response: whole }),
  ].join('');
}

export function responsesJson(number: number, chunks: number, thoughts = 0): object {
  const item = messageItem(number, 'completed', [textPart(chunksOfText(chunks).join(''))]);
  const summary = { type: 'summary_text', text: chunksOfText(thoughts).join('') };
  const output = thoughts > 0 ? [reasoningItem(number, [summary]), item] : [item];
  return { ...responseObject(number, 'completed', output), usage: USAGE };
}

type Events = (type: string, fields: object) => string;

function numberedEvents(): Events {
  let sequence_number = -1;
  return (type, fields) => {
    sequence_number += 1;
    return `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number, ...fields })}\n\n`;
  };
}

function callItem(id: string, call_id: string, status: string, args: string): object {
  return { id, type: 'function_call', status, arguments: args, call_id, name: TOOL.name };
}

function textPart(text: string): object {
  return { type: 'output_text', annotations: [], logprobs: [], text };
}

function messageItem(number: number, status: string, content: readonly object[]): object {
  return { id: idOf('msg_', number), type: 'message', status, content, role: 'assistant' };
}

function responseObject(number: number, status: string, output: readonly object[]): object {
  return {
    id: idOf('resp_', number),
    object: 'response',
    created_at: 1_700_000_000,
    status,
    background: false,
    error: null,
    incomplete_details: null,
    instructions: null,
    max_output_tokens: null,
    model: 'gpt-4.1-2025-04-14',
    output,
    parallel_tool_calls: true,
    previous_response_id: null,
    reasoning: { effort: null, summary: null },
    store: false,
    temperature: 1,
    text: { format: { type: 'text' }, verbosity: 'medium' },
    tool_choice: 'auto',
    tools: [],
    top_p: 1,
    truncation: 'disabled',
    usage: null,
    user: null,
    metadata: {},
  };
}
