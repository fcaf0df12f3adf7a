// Bytes as a content part.
import { AgentError } from '../errors.ts';
import type { DataContent } from '../message/message.ts';
import { kindOf } from './json-value.ts';

/**
 * Bytes as a content part of a message, such as an image for the model to look at. `name` is for types that are sent as
 * files. Throws `input_invalid` when `bytes` are not bytes or `mediaType` is not a media type.
 */
export function dataContent(bytes: Uint8Array, mediaType: string, name?: string): DataContent {
  // Not `instanceof`, which is false for bytes from another realm, as in some test environments.
  if (!ArrayBuffer.isView(bytes) || bytes.BYTES_PER_ELEMENT !== 1) {
    throw new AgentError(
      'input_invalid',
      `The bytes of a content are ${kindOf(bytes)}. Pass a Uint8Array or a Buffer.`,
    );
  }
  if (typeof mediaType !== 'string' || !mediaType.includes('/')) {
    throw new AgentError(
      'input_invalid',
      `The media type is ${JSON.stringify(mediaType)}. Pass a type such as image/png.`,
    );
  }
  let binary = '';
  // In slices: a call with a million arguments overflows the stack.
  for (let at = 0; at < bytes.length; at += 8_192) binary += String.fromCharCode(...bytes.subarray(at, at + 8_192));
  const uri = `data:${mediaType};base64,${btoa(binary)}`;
  return name === undefined ? { type: 'data', uri, mediaType } : { type: 'data', uri, mediaType, name };
}
