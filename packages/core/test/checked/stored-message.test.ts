import { expect, test } from 'vitest';
import { parseTurn } from '../../src/seams.ts';

const corrupt = (problem: string): object =>
  expect.objectContaining({ code: 'history_corrupt', message: `The stored history cannot be read: ${problem}.` });

test.each(['user', 'assistant', 'system', 'tool'])('a stored message of role %s is read back', (role) => {
  const turn = [{ role, contents: 'x' }];

  expect(parseTurn(turn, 'turn')).toEqual(turn);
});

test.each([undefined, 'cancelled', 'failed', 'incomplete'])('a stored message of status %s is read back', (status) => {
  const turn = [{ role: 'assistant', contents: 'x', status }];

  expect(parseTurn(turn, 'turn')).toEqual(turn);
});

const call = { type: 'function_call', callId: '1', name: 'give', arguments: '{}' };
const result = { type: 'function_result', callId: '1', result: 'x' };
const opaque = { openai_responses: { encrypted: 'x' } };

test('contents of every kind, and of one that a newer version wrote, are read back as they are', () => {
  const contents = [
    {
      type: 'text',
      text: 'a',
      annotations: [{ type: 'citation', url: 'https://a.example' }, { type: 'novel' }],
      opaque,
    },
    { type: 'text_reasoning', text: 'b', id: 'r1', part: 0, encrypted: 'y', opaque },
    { type: 'refusal', text: 'c' },
    { type: 'uri', uri: 'https://a.example/x.png', mediaType: 'image/png', opaque },
    { type: 'data', uri: 'data:,x', mediaType: 'text/plain', name: 'x.txt', opaque },
    { type: 'hosted_file', fileId: 'f1', mediaType: 'image/png', name: 'x.png', opaque },
    { type: 'service_item', name: 'web_search_call', id: 'w1', opaque },
    { ...call, opaque },
    { type: 'hologram', depth: 3 },
  ];
  const items = [
    { type: 'text', text: 'a' },
    { type: 'hosted_file', fileId: 'f1' },
  ];
  const turn = [
    { role: 'assistant', contents, authorName: 'guide', messageId: 'm1', phase: 'final_answer', runId: 'r1' },
    { role: 'tool', contents: [{ ...result, items, error: 'tool_failed' }] },
  ];

  expect(parseTurn(turn, 'turn')).toEqual(turn);
});

test.each([
  [{ role: 'robot', contents: 'x' }, 'role', 'is not one this library reads (user, assistant, system, tool)'],
  [{ contents: 'x' }, 'role', 'is missing'],
  [
    { role: 'user', contents: 'x', status: 'done' },
    'status',
    'is not one this library reads (cancelled, failed, incomplete)',
  ],
  [{ role: 'user', contents: 'x', authorName: 7 }, 'authorName', 'is a number, not a string'],
  [{ role: 'user', contents: 'x', messageId: null }, 'messageId', 'is null, not a string'],
  [{ role: 'user', contents: 'x', phase: [] }, 'phase', 'is a list, not a string'],
  [{ role: 'user', contents: 'x', runId: '' }, 'runId', 'is empty'],
  [{ role: 'user', contents: null }, 'contents', 'is null, not a list'],
  [{ role: 'user', contents: ['x'] }, 'contents[0]', 'is a string, not an object'],
  [{ role: 'user', contents: [result, { type: 7 }] }, 'contents[1].type', 'is a number, not a string'],
])('a stored message that is broken is refused with the place: %j', (message, place, problem) => {
  expect(() => parseTurn([message], 'turn')).toThrow(corrupt(`turn: "[0].${place}" ${problem}`));
});

/** A content without its type, the place of what is wrong in it, and what is wrong. */
const broken: Readonly<Record<string, readonly [object, string, string][]>> = {
  text: [
    [{}, 'text', 'is missing'],
    [{ text: 'a', annotations: {} }, 'annotations', 'is an object, not a list'],
    [{ text: 'a', annotations: [{}] }, 'annotations[0].type', 'is missing'],
    [{ text: 'a', opaque: 'x' }, 'opaque', 'is a string, not an object'],
  ],
  text_reasoning: [
    [{}, 'text', 'is missing'],
    [{ text: 'a', id: 7 }, 'id', 'is a number, not a string'],
    [{ text: 'a', part: -1 }, 'part', 'is a number, not a whole number of at least 0'],
    [{ text: 'a', encrypted: {} }, 'encrypted', 'is an object, not a string'],
    [{ text: 'a', opaque: [] }, 'opaque', 'is a list, not an object'],
  ],
  refusal: [[{}, 'text', 'is missing']],
  uri: [
    [{ mediaType: 'image/png' }, 'uri', 'is missing'],
    [{ uri: 'https://a.example' }, 'mediaType', 'is missing'],
    [{ uri: 'https://a.example', mediaType: 'image/png', opaque: 1 }, 'opaque', 'is a number, not an object'],
  ],
  data: [
    [{ mediaType: 'image/png' }, 'uri', 'is missing'],
    [{ uri: 'data:,x' }, 'mediaType', 'is missing'],
    [{ uri: 'data:,x', mediaType: 'text/plain', name: 7 }, 'name', 'is a number, not a string'],
    [{ uri: 'data:,x', mediaType: 'text/plain', opaque: 7 }, 'opaque', 'is a number, not an object'],
  ],
  hosted_file: [
    [{}, 'fileId', 'is missing'],
    [{ fileId: 'f1', mediaType: 7 }, 'mediaType', 'is a number, not a string'],
    [{ fileId: 'f1', name: 7 }, 'name', 'is a number, not a string'],
    [{ fileId: 'f1', opaque: 7 }, 'opaque', 'is a number, not an object'],
  ],
  service_item: [
    [{ opaque }, 'name', 'is missing'],
    [{ name: 'x', opaque, id: 7 }, 'id', 'is a number, not a string'],
    [{ name: 'x' }, 'opaque', 'is missing'],
  ],
  function_call: [
    [{ ...call, callId: 1 }, 'callId', 'is a number, not a string'],
    [{ ...call, name: 1 }, 'name', 'is a number, not a string'],
    [{ ...call, arguments: {} }, 'arguments', 'is an object, not a string'],
    [{ ...call, opaque: 1 }, 'opaque', 'is a number, not an object'],
  ],
  function_result: [
    [{ ...result, callId: 1 }, 'callId', 'is a number, not a string'],
    [{ ...result, result: {} }, 'result', 'is an object, not a string'],
    [{ ...result, items: 'x' }, 'items', 'is a string, not a list'],
    [{ ...result, items: [{ type: 'text' }] }, 'items[0].text', 'is missing'],
    [{ ...result, error: 7 }, 'error', 'is a number, not a string'],
  ],
  approval_request: [[{ ...call, callId: 1 }, 'callId', 'is a number, not a string']],
  approval_response: [
    [{ callId: 1, arguments: '{}', approved: true }, 'callId', 'is a number, not a string'],
    [{ callId: '1', approved: true }, 'arguments', 'is missing'],
    [{ callId: '1', arguments: '{}', approved: 'yes' }, 'approved', 'is a string, not true or false'],
  ],
};

test.each(
  Object.entries(broken).flatMap(([type, cases]) =>
    cases.map(([content, place, problem]) => [type, place, problem, content] as const),
  ),
)('a stored %s is refused when its %s %s', (type, place, problem, content) => {
  const turn = [{ role: 'user', contents: [{ ...content, type }] }];

  expect(() => parseTurn(turn, 'turn')).toThrow(corrupt(`turn: "[0].contents[0].${place}" ${problem}`));
});
