// What services say and do on the wire, one answer each: the well-behaved, the odd and the broken.
import {
  answer,
  callTool,
  duplicateFrame,
  errorFrame,
  everyByte,
  malformedFrame,
  missingFrame,
  rawReply,
  refuse,
  reply,
  resetAfter,
  responseFailed,
  type Step,
  truncateAfter,
  unknownEvent,
} from '@turnstream/testkit';
import type { Api } from './outcome.ts';

export const WORDS: readonly string[] = ['naïve ', '日本語 ', '👩‍👩‍👧.'];

const call = (name: string, index?: number | null): ReturnType<typeof callTool> =>
  callTool(name, [`{"${name}":`, '1}'], { callId: `call_${name}`, ...(index === undefined ? {} : { index }) });

export interface OracleCase {
  readonly name: string;
  readonly step: Step;
  /** Left out: both. */
  readonly only?: Api;
}

const completion = {
  id: 'chatcmpl-1',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hello.' }, finish_reason: 'stop' }],
};

const lastChunk = {
  ...completion,
  choices: [{ index: 0, delta: { role: 'assistant', content: 'Hello.' }, finish_reason: 'stop' }],
};

export const oracleCases: readonly OracleCase[] = [
  { name: 'text', step: reply(WORDS) },
  { name: 'text, every byte by itself', step: reply(['é日', '👩‍👩‍👧'], { cuts: everyByte }) },
  { name: 'text without usage', step: reply(WORDS, { usage: null }) },
  { name: 'a refusal', step: refuse(['I cannot ', 'do that.']) },
  { name: 'an answer at its length limit', step: reply(WORDS, { finishReason: 'length' }) },
  { name: 'a filtered answer', step: reply(WORDS, { finishReason: 'content_filter' }) },
  { name: 'a call', step: call('a') },
  { name: 'text and interleaved calls', step: answer([reply('Wait.'), call('a'), call('b')], { interleave: true }) },
  { name: 'a call whose arguments come at once', step: callTool('a', '{"a":1}', { callId: 'x', argumentsIn: 'done' }) },
  { name: 'a call that comes whole', step: callTool('a', '{"a":1}', { callId: 'x', argumentsIn: 'item' }) },
  { name: 'a call whose name comes late', step: callTool('a', ['{"a":', '1}'], { callId: 'x', lateName: true }) },
  { name: 'calls without index', step: answer([call('a', null), call('b', null)]), only: 'chat_completions' },
  { name: 'calls that all claim index 0', step: answer([call('a', 0), call('b', 0)]), only: 'chat_completions' },
  { name: 'a call with half its arguments', step: callTool('a', '{"a":"Par', { callId: 'x' }) },
  { name: 'a frame that comes twice', step: reply(WORDS, { fault: duplicateFrame({ chunks: 1 }) }) },
  { name: 'a frame that is lost', step: reply(WORDS, { fault: missingFrame({ chunks: 1 }) }) },
  { name: 'an event nobody knows', step: reply(WORDS, { fault: unknownEvent({ chunks: 1 }) }) },
  { name: 'a frame that is not JSON', step: reply(WORDS, { fault: malformedFrame({ chunks: 1 }) }) },
  { name: 'an error, nested', step: reply(WORDS, { fault: errorFrame({ chunks: 1 }, { shape: 'nested' }) }) },
  { name: 'an error, flat', step: reply(WORDS, { fault: errorFrame({ chunks: 1 }, { shape: 'flat' }) }) },
  { name: 'an error, named', step: reply(WORDS, { fault: errorFrame({ chunks: 1 }, { shape: 'named' }) }) },
  { name: 'a clean end before the end mark', step: reply(WORDS, { fault: truncateAfter({ chunks: 2 }) }) },
  { name: 'a connection that breaks', step: reply(WORDS, { fault: resetAfter({ chunks: 2 }) }) },
  { name: 'an answer that failed', step: reply(WORDS, { fault: responseFailed({ chunks: 2 }) }), only: 'responses' },
  {
    name: 'a whole answer instead of a stream',
    step: raw('application/json', JSON.stringify(completion)),
    only: 'chat_completions',
  },
  { name: 'a page of HTML', step: raw('text/html', '<html></html>') },
  {
    name: 'a last frame without its blank line',
    step: raw('text/event-stream', `data: ${JSON.stringify(lastChunk)}\n`),
    only: 'chat_completions',
  },
  { name: 'nothing at all', step: raw('text/event-stream', '') },
];

function raw(type: string, body: string): Step {
  return rawReply({ headers: { 'content-type': type }, body });
}
