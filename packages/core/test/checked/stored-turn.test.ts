// A stored turn with a wrong member is refused, with the place of that member and without its value.
import { test } from 'vitest';
import { parseTurn } from '../../src/seams.ts';
import {
  expectAll,
  type Fits,
  isCount,
  isEmptyList,
  isId,
  isObject,
  isText,
  misfits,
  only,
  orMissing,
  refusals,
} from './misfits.ts';

test.each([
  ['role', only('user', 'assistant', 'system', 'tool')],
  ['contents', (value) => isText(value) || isEmptyList(value)],
  ['authorName', orMissing(isText)],
  ['messageId', orMissing(isText)],
  ['phase', orMissing(isText)],
  ['status', only(undefined, 'cancelled', 'failed', 'incomplete')],
  ['runId', orMissing(isId)],
] as const satisfies readonly (readonly [string, Fits])[])(
  'a message with a wrong %s is refused at its place in the turn',
  async (name, fits) => {
    const wrong = misfits({ role: 'user', contents: '' }, name, fits).map((message) => [message]);

    const errors = await refusals((stored) => parseTurn(stored, 'Turn 3'), wrong);

    expectAll(errors, 'history_corrupt', `Turn 3: "[0].${name}`);
  },
);

/** What some type of content must have. */
const everyMember = {
  text: '',
  uri: '',
  mediaType: '',
  fileId: '',
  name: '',
  opaque: {},
  callId: '',
  arguments: '',
  result: '',
  approved: true,
};

test.each([
  ['text', { text: isText, annotations: orMissing(isEmptyList), opaque: orMissing(isObject) }],
  [
    'text_reasoning',
    {
      text: isText,
      id: orMissing(isText),
      part: orMissing(isCount),
      encrypted: orMissing(isText),
      opaque: orMissing(isObject),
    },
  ],
  ['refusal', { text: isText }],
  ['uri', { uri: isText, mediaType: isText, opaque: orMissing(isObject) }],
  ['data', { uri: isText, mediaType: isText, name: orMissing(isText), opaque: orMissing(isObject) }],
  [
    'hosted_file',
    { fileId: isText, mediaType: orMissing(isText), name: orMissing(isText), opaque: orMissing(isObject) },
  ],
  ['service_item', { name: isText, id: orMissing(isText), opaque: isObject }],
  ['function_call', { callId: isText, name: isText, arguments: isText, opaque: orMissing(isObject) }],
  ['function_result', { callId: isText, result: isText, items: orMissing(isEmptyList), error: orMissing(isText) }],
  ['approval_request', { callId: isText, name: isText, arguments: isText }],
  ['approval_response', { callId: isText, arguments: isText, approved: only(true, false) }],
  ['x-newer', { type: isText }],
] as const)('a content of type %s with a wrong member is refused at its place', async (type, members) => {
  const whole = { ...everyMember, type };

  for (const [name, fits] of Object.entries<Fits>(members)) {
    const wrong = misfits(whole, name, fits).map((content) => [{ role: 'user', contents: [content] }]);

    const errors = await refusals((stored) => parseTurn(stored, 'Turn 3'), wrong);

    expectAll(errors, 'history_corrupt', `Turn 3: "[0].contents[0].${name}`);
  }
});
