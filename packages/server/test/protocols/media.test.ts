// Files as clients send them, with the media types that browsers write.
import { expect, test } from 'vitest';
import { acceptedFile, dataOf, fileAt, fileOrNull } from '../../src/protocols/media.ts';

const limits = { maxMessageChars: 100, maxBodyBytes: 100, mediaTypes: ['audio/webm', 'text/plain'] };

test.each([
  ['a recording', 'data:audio/webm;codecs=opus;base64,AA==', 'audio/webm;codecs=opus'],
  ['a text with a charset', 'data:text/plain; charset=utf-8;base64,AA==', 'text/plain; charset=utf-8'],
  ['a file whose parameter only the URL names', 'data:audio/webm;codecs=opus;base64,AA==', 'audio/webm'],
  ['a file whose URL does not name the parameter', 'data:audio/webm;base64,AA==', 'audio/webm;codecs=opus'],
])('%s is accepted by its type without parameters', (_, url, given) => {
  const file = acceptedFile(fileAt(url, given), limits);

  const mediaType = given.replace(' ', '');
  expect(file).toEqual({ type: 'data', uri: `data:${mediaType};base64,AA==`, mediaType });
  expect(dataOf('AA==', given)).toEqual(file);
});

test('a web address keeps the parameters of its type, and a data URL of another type is not read', () => {
  const address = fileOrNull('https://example.com/a', 'text/plain;charset=utf-8');
  const other = fileOrNull('data:image/png;charset=utf-8;base64,AA==', 'text/plain;charset=utf-8');

  expect(address).toEqual({ type: 'uri', uri: 'https://example.com/a', mediaType: 'text/plain;charset=utf-8' });
  expect(other).toBeNull();
});
