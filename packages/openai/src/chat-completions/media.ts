// Images, sounds and files as parts of a Chat Completions message. What the API cannot take is an error before anything is sent.
import type { Content, MediaContent } from '@turnstream/core';
import { unsendableContent } from '../request/unsendable.ts';

export type ChatPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image_url'; readonly image_url: { readonly url: string } }
  | { readonly type: 'input_audio'; readonly input_audio: { readonly data: string; readonly format: string } }
  | { readonly type: 'file'; readonly file: Readonly<Record<string, string>> };

const AUDIO_FORMATS: ReadonlyMap<string, string> = new Map([
  ['audio/wav', 'wav'],
  ['audio/x-wav', 'wav'],
  ['audio/wave', 'wav'],
  ['audio/mpeg', 'mp3'],
  ['audio/mp3', 'mp3'],
]);

/** A content of a user's or system's message. Throws `input_invalid` for one that this API has no place for. */
export function chatPart(content: Content): ChatPart {
  if (content.type === 'text') return { type: 'text', text: content.text };
  if (content.type === 'uri' || content.type === 'data' || content.type === 'hosted_file') return mediaPart(content);
  throw unsendableContent(content.type, 'Chat Completions takes text, images, sounds and files in a question');
}

function mediaPart(content: MediaContent): ChatPart {
  if (content.type === 'hosted_file') return { type: 'file', file: { file_id: content.fileId } };
  const { uri, mediaType } = content;
  if (mediaType.startsWith('image/')) return { type: 'image_url', image_url: { url: uri } };
  if (content.type === 'uri') {
    throw unsendableContent(`uri (${mediaType})`, 'Chat Completions fetches images only; send the bytes as `data`');
  }
  const format = AUDIO_FORMATS.get(mediaType.split(';', 1)[0] ?? '');
  if (format !== undefined) return { type: 'input_audio', input_audio: { data: base64Of(uri), format } };
  return { type: 'file', file: { filename: content.name ?? 'file', file_data: uri } };
}

function base64Of(uri: string): string {
  return uri.slice(uri.indexOf(',') + 1);
}
