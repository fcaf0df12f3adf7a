// Files that a user sends along: as contents of the question.
import { AgentError, type DataContent, type UriContent } from '@turnstream/core';

const TYPE = /^[\w.+-]+\/[\w.+*-]+$/;
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;

/** Bytes in base64. Throws `input_invalid` for anything else. */
export function dataOf(base64: string, mediaType: string, name?: string): DataContent {
  if (!TYPE.test(mediaType) || !BASE64.test(base64)) throw unreadable();
  const uri = `data:${mediaType};base64,${base64}`;
  return { type: 'data', uri, mediaType, ...(name === undefined ? {} : { name }) };
}

/**
 * A file at an address, which the model's service fetches, or in a `data:` URL. Throws `input_invalid` for other schemes,
 * such as `file:`.
 */
export function fileAt(url: string, mediaType: string, name?: string): DataContent | UriContent {
  const data = /^data:([^;,]*);base64,(.*)$/s.exec(url);
  if (data !== null) return dataOf(data[2] ?? '', data[1] || mediaType, name);
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url) || !TYPE.test(mediaType)) throw unreadable();
  return { type: 'uri', uri: url, mediaType };
}

function unreadable(): AgentError {
  return new AgentError(
    'input_invalid',
    'A file needs a media type, such as image/png, and its bytes in base64 or an http or https address.',
  );
}
