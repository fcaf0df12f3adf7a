// Images and files as parts of a Responses message or a tool's output. What the API cannot take is an error before anything is sent.
import type { Content, MediaContent } from '@turnstream/core';
import { unsendableContent } from '../request/unsendable.ts';

export type InputPart =
  | { readonly type: 'input_text'; readonly text: string }
  | ({ readonly type: 'input_image'; readonly detail: 'auto' } & Readonly<Record<string, string>>)
  | ({ readonly type: 'input_file' } & Readonly<Record<string, string>>);

const TAKES = 'Responses takes text, images and files in a question';

/** A content of a question or a tool result. Throws `input_invalid` for one that this API has no place for. */
export function inputPart(content: Content): InputPart {
  if (content.type === 'text') return { type: 'input_text', text: content.text };
  if (content.type === 'uri' || content.type === 'data' || content.type === 'hosted_file') return mediaPart(content);
  throw unsendableContent(content.type, TAKES);
}

function mediaPart(content: MediaContent): InputPart {
  const { mediaType = '' } = content;
  const isImage = mediaType.startsWith('image/');
  if (content.type === 'hosted_file') {
    return isImage
      ? { type: 'input_image', detail: 'auto', file_id: content.fileId }
      : { type: 'input_file', file_id: content.fileId };
  }
  if (isImage) return { type: 'input_image', detail: 'auto', image_url: content.uri };
  if (/^(audio|video)\//.test(mediaType)) throw unsendableContent(`${content.type} (${mediaType})`, TAKES);
  return content.type === 'uri'
    ? { type: 'input_file', file_url: content.uri }
    : { type: 'input_file', filename: content.name ?? 'file', file_data: content.uri };
}
