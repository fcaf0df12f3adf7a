// M25 to M29: what models and their servers write in the field.
import { callTool, type RawReplyStep, rawReply, reply } from '@turnstream/testkit';
import { ask, type Finding, type Lab, quoted, type Row } from './lab.ts';

export const rowsOfModels: readonly Row[] = [
  {
    id: 'M25',
    situation: 'Half an answer, then the finish reason `error`',
    asks: 'a reader of the text gets an error',
    only: 'Chat Completions',
    check: (lab) =>
      lab.with([chunks([{ content: 'Half ' }, { content: 'an answer' }], 'error')], async (chat) => {
        const { end } = await ask(chat, 'Tell me');
        return { holds: end === 'throws', seen: end === 'ends' ? 'ends, as if whole' : end };
      }),
  },
  {
    id: 'M26',
    situation: 'The deltas say `He`, and `response.completed` says `Hello`',
    asks: 'the whole text, or an error',
    only: 'Responses',
    check: (lab) =>
      lab.with([longerThanItsDeltas()], async (chat) => {
        const { texts, end } = await ask(chat, 'Tell me');
        const isWhole = texts.join('') === 'Hello';
        return { holds: isWhole || end === 'throws', seen: end === 'throws' ? end : quoted([texts.join('')]) };
      }),
  },
  {
    id: 'M27',
    situation: 'Thinking in `reasoning_content`; in `reasoning`; in a content part',
    asks: 'the text is only the answer, and the thinking is available',
    only: 'Chat Completions',
    async check(lab) {
      const found = [
        await thinking(lab, [{ reasoning_content: 'Hm.' }, { content: 'Four.' }]),
        await thinking(lab, [{ reasoning: 'Hm.' }, { content: 'Four.' }]),
        await thinking(lab, [
          { content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] }] },
          { content: [{ type: 'text', text: 'Four.' }] },
        ]),
      ];
      return { holds: found.every(({ holds }) => holds), seen: found.map(({ seen }) => seen).join('; ') };
    },
  },
  {
    id: 'M28',
    situation: 'One call twice: in fragments, and whole under the same id and the next index',
    asks: 'the tool runs once',
    only: 'Chat Completions',
    check: (lab) => callTwice(lab),
  },
  {
    id: 'M29',
    situation: 'A tool returns a `Map`, which JSON turns into `{}`',
    asks: 'the model gets its contents, or an error',
    check: (lab) =>
      lab.with(
        [callTool('get_weather', '{"city":"Paris"}'), reply('Sunny.')],
        async (chat, model) => {
          await ask(chat, 'Weather?');
          const result = model.requests[1]?.messages.find(({ role }) => role === 'tool')?.text;
          if (result === undefined) return { holds: false, seen: 'sends no result' };
          return { holds: !['{}', ''].includes(result), seen: `sends ${quoted([result])}` };
        },
        () => new Map([['Paris', 'sunny']]),
      ),
  },
];

/** Whether the text is the answer alone, and where the thinking went. */
async function thinking(lab: Lab, deltas: readonly object[]): Promise<Finding> {
  return await lab.with([chunks(deltas, 'stop')], async (chat) => {
    const { texts, end, handle } = await ask(chat, 'What is two and two?');
    if (handle === null || end !== 'ends') return { holds: false, seen: end };
    const text = texts.join('');
    const reasoning = await handle.reasoning();
    const seen = reasoning === 'Hm.' ? 'read' : reasoning === '' ? 'lost' : 'garbled';
    return { holds: text === 'Four.' && reasoning === 'Hm.', seen: text === 'Four.' ? seen : `text ${quoted([text])}` };
  });
}

async function callTwice(lab: Lab): Promise<Finding> {
  const call = (index: number, id: string | undefined, args: string): object => ({
    tool_calls: [{ index, id, type: 'function', function: { name: id && 'get_weather', arguments: args } }],
  });
  const deltas = [call(0, 'call_1', '{"city":'), call(0, undefined, '"Paris"}'), call(1, 'call_1', '{"city":"Paris"}')];
  let runs = 0;
  return await lab.with(
    [chunks(deltas, 'tool_calls'), reply('Sunny.')],
    async (chat) => {
      const { end } = await ask(chat, 'Weather?');
      return { holds: runs === 1, seen: `ran ${runs === 1 ? 'once' : `${runs} times`}, ${end}` };
    },
    () => {
      runs += 1;
      return 'Sunny';
    },
  );
}

function chunks(deltas: readonly object[], finishReason: string): RawReplyStep {
  const chunk = (delta: object, finish_reason: string | null): object => ({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1_700_000_000,
    model: 'gpt-4.1',
    choices: [{ index: 0, delta, finish_reason }],
  });
  const body = [...deltas.map((delta) => chunk({ role: 'assistant', ...delta }, null)), chunk({}, finishReason)];
  return frames([...body.map((each) => JSON.stringify(each)), '[DONE]']);
}

function longerThanItsDeltas(): RawReplyStep {
  const at = { item_id: 'msg_1', output_index: 0, content_index: 0 };
  const message = (status: string, content: readonly object[]): object => ({
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    status,
    content,
  });
  const response = (status: string, output: readonly object[], usage: object | null): object => ({
    id: 'resp_1',
    object: 'response',
    created_at: 1_700_000_000,
    model: 'gpt-4.1',
    status,
    output,
    usage,
  });
  const text = { type: 'output_text', text: 'Hello', annotations: [] };
  const details = { input_tokens_details: { cached_tokens: 0 }, output_tokens_details: { reasoning_tokens: 0 } };
  const usage = { input_tokens: 3, output_tokens: 1, total_tokens: 4, ...details };
  const events = [
    { type: 'response.created', response: response('in_progress', [], null) },
    { type: 'response.output_item.added', output_index: 0, item: message('in_progress', []) },
    { type: 'response.content_part.added', ...at, part: { ...text, text: '' } },
    { type: 'response.output_text.delta', ...at, delta: 'He' },
    { type: 'response.completed', response: response('completed', [message('completed', [text])], usage) },
  ];
  return frames(events.map((event, index) => JSON.stringify({ ...event, sequence_number: index })));
}

function frames(data: readonly string[]): RawReplyStep {
  const headers = { 'content-type': 'text/event-stream' };
  return rawReply({ headers, body: data.map((each) => `data: ${each}\n\n`) });
}
