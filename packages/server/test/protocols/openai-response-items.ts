// What clients of /v1/responses read: a response, and the items of the rich answer with the events of each.
import { expect } from 'vitest';

/** A stored response that says nothing special, made at second 1,700,000,000. */
export const plainResponse = {
  id: expect.stringMatching(/^resp_[0-9a-f]{32}_[\w-]{36}$/),
  object: 'response',
  created_at: 1_700_000_000,
  status: 'completed',
  background: false,
  model: 'agent',
  output: [] as readonly object[],
  previous_response_id: null,
  conversation: null,
  store: true,
  usage: null,
  error: null,
  incomplete_details: null,
  instructions: null,
  metadata: {},
  parallel_tool_calls: true,
  temperature: null,
  tool_choice: 'auto',
  tools: [],
  top_p: null,
};

/** The type of an event and its other members. */
export type Row = readonly [type: string, members: object];

/** The id of an item, which has its place in the id of its response. */
export const itemIdOf = (responseId: string, prefix: string, index: number): string =>
  responseId.replace(/^resp_(\w{32})/, `${prefix}_$1_${index}`);

const thought = (text: string): object => ({ type: 'summary_text', text });
export const said = (text: string): object => ({ type: 'output_text', text, annotations: [], logprobs: [] });
const refused = (text: string): object => ({ type: 'refusal', refusal: text });
const unfinished = { output: null, error: null };

/** The output of the whole response. */
export function richOutput(responseId: string): readonly object[] {
  const items = [
    { prefix: 'rs', type: 'reasoning', summary: [thought('Hm…')] },
    { prefix: 'rs', type: 'reasoning', summary: [thought('So.')] },
    { prefix: 'rs', type: 'reasoning', summary: [thought('Let me look.')] },
    { prefix: 'mcp', ...find, status: 'completed', output: 'a map' },
    { prefix: 'mcp', ...fail, status: 'failed', error: failure },
    { prefix: 'msg', type: 'message', status: 'completed', role: 'assistant', content: [said('Not far.')] },
    { prefix: 'msg', type: 'message', status: 'completed', role: 'assistant', content: [refused('No names.')] },
    {
      prefix: 'fc',
      type: 'function_call',
      status: 'completed',
      call_id: 'c1',
      name: 'look',
      arguments: '{"at":"sky"}',
    },
    {
      prefix: 'fc',
      type: 'function_call',
      status: 'completed',
      call_id: 'c2',
      name: 'look',
      arguments: '{"in":"sea"}',
    },
  ];
  return items.map(({ prefix, ...item }, index) => ({ id: itemIdOf(responseId, prefix, index), ...item }));
}

const onServer = { type: 'mcp_call', server_label: 'agent', ...unfinished };
const find = { ...onServer, name: 'find', arguments: '{"at":1}' };
const fail = { ...onServer, name: 'fail', arguments: '{}' };
const failure = { type: 'mcp_tool_execution_error', content: [{ type: 'text', text: 'Error: Function failed.' }] };

/** Events with these rows, as the first of a stream. */
export function numbered(rows: readonly Row[]): readonly object[] {
  return rows.map(([name, members], index) => {
    const type = `response.${name}`;
    return { id: undefined, event: type, data: { type, ...members, sequence_number: index } };
  });
}

/** The events between the beginning of the response and its end. */
export function richRows(responseId: string): readonly Row[] {
  const output = richOutput(responseId);
  const at = (prefix: string, output_index: number, more: object = {}): object => ({
    item_id: itemIdOf(responseId, prefix, output_index),
    output_index,
    ...more,
  });
  const added = (output_index: number, unlike: object): Row => [
    'output_item.added',
    { output_index, item: { ...output[output_index], ...unlike } },
  ];
  const done = (output_index: number): Row => ['output_item.done', { output_index, item: output[output_index] }];
  const thinking = (index: number, ...fragments: readonly string[]): readonly Row[] => {
    const place = at('rs', index, { summary_index: 0 });
    const text = fragments.join('');
    return [
      added(index, { summary: [] }),
      ['reasoning_summary_part.added', { ...place, part: thought('') }],
      ...fragments.map((delta): Row => ['reasoning_summary_text.delta', { ...place, delta }]),
      ['reasoning_summary_text.done', { ...place, text }],
      ['reasoning_summary_part.done', { ...place, part: thought(text) }],
      done(index),
    ];
  };
  const begun = { status: 'in_progress', arguments: '', ...unfinished };
  const text = at('msg', 5, { content_index: 0 });
  const refusal = at('msg', 6, { content_index: 0 });
  return [
    ...thinking(0, 'Hm', '…'),
    ...thinking(1, 'So.'),
    ...thinking(2, 'Let me look.'),

    added(3, begun),
    ['mcp_call.in_progress', at('mcp', 3)],
    ['mcp_call_arguments.delta', at('mcp', 3, { delta: '{"at"' })],
    added(4, begun),
    ['mcp_call.in_progress', at('mcp', 4)],
    ['mcp_call_arguments.delta', at('mcp', 4, { delta: '{}' })],
    ['mcp_call_arguments.delta', at('mcp', 3, { delta: ':1}' })],
    ['mcp_call_arguments.done', at('mcp', 3, { arguments: '{"at":1}' })],
    ['mcp_call.completed', at('mcp', 3)],
    done(3),
    ['mcp_call_arguments.done', at('mcp', 4, { arguments: '{}' })],
    ['mcp_call.failed', at('mcp', 4)],
    done(4),

    added(5, { status: 'in_progress', content: [] }),
    ['content_part.added', { ...text, part: said('') }],
    ['output_text.delta', { ...text, delta: 'Not ', logprobs: [] }],
    ['output_text.delta', { ...text, delta: 'far.', logprobs: [] }],
    ['output_text.done', { ...text, text: 'Not far.', logprobs: [] }],
    ['content_part.done', { ...text, part: said('Not far.') }],
    done(5),

    added(6, { status: 'in_progress', content: [] }),
    ['content_part.added', { ...refusal, part: refused('') }],
    ['refusal.delta', { ...refusal, delta: 'No ' }],
    ['refusal.delta', { ...refusal, delta: 'names.' }],
    ['refusal.done', { ...refusal, refusal: 'No names.' }],
    ['content_part.done', { ...refusal, part: refused('No names.') }],
    done(6),

    added(7, { status: 'in_progress', arguments: '' }),
    ['function_call_arguments.delta', at('fc', 7, { delta: '{"at"' })],
    ['function_call_arguments.delta', at('fc', 7, { delta: ':"sky"}' })],
    added(8, { status: 'in_progress', arguments: '' }),
    ['function_call_arguments.delta', at('fc', 8, { delta: '{"in":"sea"}' })],
    ['function_call_arguments.done', at('fc', 7, { name: 'look', arguments: '{"at":"sky"}' })],
    done(7),
    ['function_call_arguments.done', at('fc', 8, { name: 'look', arguments: '{"in":"sea"}' })],
    done(8),
  ];
}
