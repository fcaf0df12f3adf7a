// The result of a tool as the content of a message: text, or parts where it has files to show.
import type { FunctionResultContent, MediaContent, TextContent } from '@turnstream/core';

export function resultContent({ result, items = [] }: FunctionResultContent): string | readonly object[] {
  const hasFile = items.some(({ type }) => type === 'uri' || type === 'data');
  return hasFile ? items.flatMap(toPart) : result;
}

/** A file at the model's service is nothing that a client can show. */
function toPart(item: MediaContent | TextContent): readonly object[] {
  if (item.type === 'text') return [{ type: 'text', text: item.text }];
  if (item.type === 'hosted_file') return [];
  const { uri, mediaType } = item;
  const [kind] = mediaType.split('/');
  const type = kind === 'image' || kind === 'audio' || kind === 'video' ? kind : 'document';
  const base64 = item.type === 'data' ? uri.slice(uri.indexOf(',') + 1) : null;
  const source =
    base64 === null
      ? { type: 'url', value: uri, mimeType: mediaType }
      : { type: 'data', value: base64, mimeType: mediaType };
  return [{ type, source }];
}
