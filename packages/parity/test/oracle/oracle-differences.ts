// Where the official SDK's helpers and this library take the same bytes differently, and why.
import type { Api, Seen } from './outcome.ts';

export interface OracleDifference {
  readonly name: string;
  readonly apis: readonly Api[];
  readonly sdk: Seen;
  readonly ours: Seen;
  readonly reason: string;
}

const whole: Seen = { text: 'naïve 日本語 👩‍👩‍👧.', calls: [], usage: { input: 1, output: 3, total: 4 } };
const [a, b] = ['a', 'b'].map((name) => ({ id: `call_${name}`, name, arguments: `{"${name}":1}` }));
const twoCalls: Seen = {
  text: '',
  calls: a === undefined || b === undefined ? [] : [a, b],
  usage: { input: 1, output: 2, total: 3 },
};

export const oracleDifferences: readonly OracleDifference[] = [
  {
    name: 'calls without index',
    apis: ['chat_completions'],
    sdk: 'failed',
    ours: twoCalls,
    reason: 'Some servers number no calls. A new id starts a new call, and what has neither belongs to the last one.',
  },
  {
    name: 'calls that all claim index 0',
    apis: ['chat_completions'],
    sdk: {
      text: '',
      calls: [{ id: 'call_b', name: 'b', arguments: '{"a":1}{"b":1}' }],
      usage: { input: 1, output: 2, total: 3 },
    },
    ours: twoCalls,
    reason: 'Some servers number every call 0. The helper joins two calls into one that nobody made.',
  },
  {
    name: 'a frame that is lost',
    apis: ['responses'],
    sdk: whole,
    ours: 'failed',
    reason:
      'The words were read already, without the lost ones. The helper takes the whole answer from the last event.',
  },
  {
    name: 'an event nobody knows',
    apis: ['chat_completions', 'responses'],
    sdk: 'failed',
    ours: whole,
    reason: 'Services add events before their clients know them. What says nothing to us is passed over.',
  },
  {
    name: 'a clean end before the end mark',
    apis: ['responses'],
    sdk: { text: 'naïve 日本語 ', calls: [], usage: null },
    ours: 'failed',
    reason: 'Half an answer is not an answer. The helper gives what it has.',
  },
  {
    name: 'an answer that failed',
    apis: ['responses'],
    sdk: { text: '', calls: [], usage: null },
    ours: 'failed',
    reason: 'A failure is an error. The helper gives the failed response, and who reads its text reads nothing.',
  },
  {
    name: 'a whole answer instead of a stream',
    apis: ['chat_completions'],
    sdk: 'failed',
    ours: { text: 'Hello.', calls: [], usage: null },
    reason: 'Some servers do not stream. The answer is there and whole.',
  },
  {
    name: 'a last frame without its blank line',
    apis: ['chat_completions'],
    sdk: { text: 'Hello.', calls: [], usage: null },
    ours: 'failed',
    reason: 'The specification of event streams drops a frame that no blank line ends. The helper reads it.',
  },
];
