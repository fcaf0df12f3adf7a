// M6 to M13: what a reader gets when the wire breaks, and when it does not.
import {
  errorFrame,
  everyByte,
  type Fault,
  httpError,
  malformedFrame,
  reply,
  resetAfter,
  responseFailed,
  type Step,
  truncateAfter,
} from '@turnstream/testkit';
import { ask, type Row } from './lab.ts';

const words = ['one ', 'two ', 'three ', 'four ', 'five'];

export const rowsOfFailures: readonly Row[] = [
  broken('M6', 'The stream ends cleanly after 3 pieces, without an end mark', truncateAfter({ chunks: 3 })),
  broken('M7', 'The connection breaks in mid-stream', resetAfter({ chunks: 3 })),
  broken('M8', 'An error inside the stream', errorFrame({ chunks: 3 }, { code: 'server_error', message: 'boom' })),
  { ...broken('M9', '`response.failed`', responseFailed({ chunks: 3 })), only: 'Responses' },
  broken('M10', 'A frame that is not JSON', malformedFrame({ chunks: 3 })),
  told('M11', 'HTTP 401', httpError(401)),
  {
    id: 'M12',
    situation: 'HTTP 500 once; HTTP 429 with `retry-after: 1` once',
    asks: 'both are retried, after the requested wait',
    async check(lab) {
      const afterError = await lab.with([httpError(500), reply(words)], answered);
      const started = performance.now();
      const afterWait = await lab.with([httpError(429, { headers: { 'retry-after': '1' } }), reply(words)], answered);
      const waited = performance.now() - started >= 950;
      return {
        holds: afterError.holds === true && afterWait.holds === true && waited,
        seen: `${afterError.seen}; ${afterWait.seen}${waited ? ' after 1 s' : ''}`,
      };
    },
  },
  {
    id: 'M13',
    situation: 'Every byte in a separate write, inside emoji and CJK',
    asks: 'the exact text',
    check: (lab) =>
      lab.with([reply(['é ', ' 日👩‍👩‍👧'], { cuts: everyByte })], async (chat) => {
        const { texts, end } = await ask(chat, 'Tell me');
        const exact = texts.join('') === 'é  日👩‍👩‍👧';
        return { holds: exact && end === 'ends', seen: exact ? 'exact' : `${end}, other text` };
      }),
  },
];

const answered: Parameters<Parameters<Row['check']>[0]['with']>[1] = async (chat) => {
  const { texts, end } = await ask(chat, 'Tell me');
  const whole = end === 'ends' && texts.join('') === words.join('');
  return { holds: whole, seen: whole ? 'retried' : `${end}, ${texts.length === 0 ? 'no' : 'cut'} text` };
};

function broken(id: string, situation: string, fault: Fault): Row {
  return told(id, situation, reply(words, { fault }));
}

/** A reader of the text must get an error: a text that simply ends looks complete. */
function told(id: string, situation: string, step: Step): Row {
  return {
    id,
    situation,
    asks: 'a reader of the text gets an error',
    check: (lab) =>
      lab.with([step], async (chat, model) => {
        const { end, texts } = await ask(chat, 'Tell me');
        const calls = model.requests.length;
        const ending = end === 'ends' ? `ends, ${texts.join('') === '' ? 'no text' : 'as if whole'}` : end;
        return { holds: end === 'throws', seen: calls > 1 ? `${ending}, ${calls} calls` : ending };
      }),
  };
}
