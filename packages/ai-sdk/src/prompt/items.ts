// Items of a provider's own, on their way back to it.
import type { LanguageModelV4Message } from '@ai-sdk/provider';
import type { ServiceItemContent } from '@turnstream/core';
import { asText } from '@turnstream/core/seams';
import { keptIn } from '../opaque.ts';

type Said = Extract<LanguageModelV4Message, { role: 'assistant' }>['content'][number];

/** Null for an item that another client wrote: it is for that client's service only. */
export function itemPart(item: ServiceItemContent): Said | null {
  const part = keptIn(item);
  if (part === null) return null;
  const uri = asText(part['uri']);
  // Kept by `serviceItem` as the part that it becomes; only a file's bytes and address are written as JSON can hold them.
  if (part['type'] !== 'reasoning-file' || uri === null) return part as unknown as Said;
  const { uri: _uri, ...rest } = part;
  const data = uri.startsWith('data:')
    ? { type: 'data', data: uri.slice(uri.indexOf(',') + 1) }
    : { type: 'url', url: new URL(uri) };
  return { ...rest, data } as unknown as Said;
}
