// Files that a user sends along: as contents of the question, if the server accepts their type.
import { AgentError, type DataContent, type UriContent } from '@turnstream/core';
import type { InputLimits } from '../options.ts';

const TYPE = /^[\w.+-]+\/[\w.+*-]+(?:;[\w-]+=[\w.+-]+)*$/;
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;

/** Bytes in base64. Throws `input_invalid` for anything else. */
export function dataOf(base64: string, mediaType: string, name?: string): DataContent {
  return readableData(base64, mediaType, name) ?? unreadable();
}

/**
 * A file at an address, which the model's service fetches, or in a `data:` URL. Throws `input_invalid` for other schemes,
 * such as `file:`, and for a `data:` URL that names another media type.
 */
export function fileAt(url: string, mediaType: string, name?: string): DataContent | UriContent {
  return fileOrNull(url, mediaType, name) ?? unreadable();
}

/** Like `fileAt`, but null instead of an error: clients cannot correct a file that the server sent them. */
export function fileOrNull(url: string, given: string, name?: string): DataContent | UriContent | null {
  const mediaType = withoutSpaces(given);
  const [, named, base64] = /^data:([^,]*);base64,(.*)$/s.exec(url) ?? [];
  if (named !== undefined && named !== '' && bareType(named) !== bareType(mediaType)) return null;
  if (base64 !== undefined) return readableData(base64, mediaType, name);
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url) || !TYPE.test(mediaType)) return null;
  return { type: 'uri', uri: url, mediaType };
}

function readableData(base64: string, given: string, name?: string): DataContent | null {
  const mediaType = withoutSpaces(given);
  if (!TYPE.test(mediaType) || !BASE64.test(base64)) return null;
  const uri = `data:${mediaType};base64,${base64}`;
  return { type: 'data', uri, mediaType, ...(name === undefined ? {} : { name }) };
}

function withoutSpaces(mediaType: string): string {
  return mediaType.replaceAll(/\s*;\s*/g, ';');
}

/** The media type without its parameters, such as the codec that browsers add to recordings. */
export function bareType(mediaType: string): string {
  return (mediaType.split(';', 1)[0] ?? '').trim();
}

/** The file, if the route accepts its type; otherwise throws `input_invalid`. */
export function acceptedFile<File extends DataContent | UriContent>(file: File, { mediaTypes }: InputLimits): File {
  const { mediaType } = file;
  if (mediaTypes.some((accepted) => covers(accepted, bareType(mediaType)))) return file;
  const only = mediaTypes.length === 0 ? 'only text' : `text and ${mediaTypes.join(', ')}`;
  throw new AgentError('input_invalid', `This server accepts ${only}. Remove the ${mediaType} file from the message.`);
}

function covers(accepted: string, type: string): boolean {
  return accepted.endsWith('/*') ? type.startsWith(accepted.slice(0, -1)) : type === accepted;
}

function unreadable(): never {
  throw new AgentError(
    'input_invalid',
    'A file needs its media type, such as image/png, and its bytes in base64 or an http or https address.',
  );
}
