// Answers of the Messages API, as https://platform.claude.com/docs/en/build-with-claude/streaming documents them.
import type { Answer } from './loopback.ts';

/** A content block, or an event: objects that say their type. */
export type Block = Readonly<Record<string, unknown>> & { readonly type: string };

export const thinking = (thought: string, signature: string): Block => ({
  type: 'thinking',
  thinking: thought,
  signature,
});
export const redacted = (data: string): Block => ({ type: 'redacted_thinking', data });
export const text = (words: string): Block => ({ type: 'text', text: words });
export const toolUse = (id: string, name: string, input: object): Block => ({ type: 'tool_use', id, name, input });

const USAGE = { input_tokens: 40, cache_creation_input_tokens: 0, cache_read_input_tokens: 60, output_tokens: 1 };
const MESSAGE = { id: 'msg_01', type: 'message', role: 'assistant', model: 'claude-sonnet-4-5-20250929' };

/** A message in one piece. */
export function message(blocks: readonly Block[], stopReason = 'end_turn'): object {
  const usage = { ...USAGE, output_tokens: 25 };
  return { ...MESSAGE, content: blocks, stop_reason: stopReason, stop_sequence: null, usage };
}

/** The same message as events. */
export function events(blocks: readonly Block[], stopReason = 'end_turn'): string[] {
  return [
    frame({ type: 'message_start', message: { ...MESSAGE, content: [], stop_reason: null, usage: USAGE } }),
    frame({ type: 'ping' }),
    ...blocks.flatMap(blockEvents),
    frame({
      type: 'message_delta',
      delta: { stop_reason: stopReason, stop_sequence: null },
      usage: { output_tokens: 25 },
    }),
    frame({ type: 'message_stop' }),
  ];
}

export function streamed(blocks: readonly Block[], stopReason = 'end_turn'): Answer {
  return { headers: { 'request-id': 'req_011' }, chunks: events(blocks, stopReason) };
}

export function frame(event: Block): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

function blockEvents(block: Block, index: number): string[] {
  const [start, deltas] = opened(block);
  return [
    frame({ type: 'content_block_start', index, content_block: start }),
    ...deltas.map((delta) => frame({ type: 'content_block_delta', index, delta })),
    frame({ type: 'content_block_stop', index }),
  ];
}

/** How a block begins, and what follows. */
function opened(block: Block): [start: object, deltas: readonly object[]] {
  switch (block.type) {
    case 'thinking':
      return [
        { type: 'thinking', thinking: '', signature: '' },
        [
          ...halves(String(block['thinking'])).map((half) => ({ type: 'thinking_delta', thinking: half })),
          { type: 'signature_delta', signature: block['signature'] },
        ],
      ];
    case 'text':
      return [
        { type: 'text', text: '' },
        halves(String(block['text'])).map((half) => ({ type: 'text_delta', text: half })),
      ];
    case 'tool_use': {
      const input = JSON.stringify(block['input']);
      return [
        { ...block, input: {} },
        ['', ...halves(input)].map((half) => ({ type: 'input_json_delta', partial_json: half })),
      ];
    }
    default:
      return [block, []];
  }
}

function halves(words: string): readonly string[] {
  return [words.slice(0, 4), words.slice(4)];
}
