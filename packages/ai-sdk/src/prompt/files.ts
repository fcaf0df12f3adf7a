// Images, sounds and files as parts of a prompt: by their bytes, by an address that the model fetches, by an id.
import type { LanguageModelV4, LanguageModelV4FilePart } from '@ai-sdk/provider';
import { AgentError, type MediaContent } from '@turnstream/core';
import { given } from '../opaque.ts';

/** What a prompt depends on besides the request. */
export interface ModelTraits {
  /** Such as `anthropic.messages`. */
  readonly provider: string;
  /** Addresses that the model fetches itself, by media type. */
  readonly urls: Awaited<LanguageModelV4['supportedUrls']>;
}

/** Throws `input_invalid` for an address that the model does not fetch, and for a file of unknown type. */
export function filePart(content: MediaContent, model: ModelTraits): LanguageModelV4FilePart {
  const { mediaType = null } = content;
  if (mediaType === null)
    throw unsendable('hosted_file without a mediaType', 'providers decide by it what the file is');
  const name = 'name' in content && content.name !== undefined ? { filename: content.name } : {};
  return { type: 'file', mediaType, data: dataOf(content, mediaType, model), ...name, ...given(content) };
}

function dataOf(
  content: MediaContent,
  mediaType: string,
  { provider, urls }: ModelTraits,
): LanguageModelV4FilePart['data'] {
  switch (content.type) {
    case 'data':
      return { type: 'data', data: content.uri.slice(content.uri.indexOf(',') + 1) };
    case 'uri': {
      const url = URL.parse(content.uri);
      if (url !== null && isFetched(url, mediaType, urls)) return { type: 'url', url, originalUrl: content.uri };
      throw unsendable(`uri (${mediaType})`, `${provider} does not fetch this address; send the bytes as \`data\``);
    }
    case 'hosted_file':
      return { type: 'reference', reference: { [provider.split('.', 1)[0] ?? provider]: content.fileId } };
  }
}

/** Patterns of types are `image/png`, `image/*` or `*`; those of addresses match what is in lower case. */
function isFetched(url: URL, mediaType: string, urls: ModelTraits['urls']): boolean {
  const [address, type] = [url.href.toLowerCase(), mediaType.toLowerCase()];
  return Object.entries(urls).some(
    ([pattern, addresses]) => isOfType(type, pattern.toLowerCase()) && addresses.some((each) => each.test(address)),
  );
}

function isOfType(type: string, pattern: string): boolean {
  if (pattern === '*' || pattern === '*/*') return true;
  return pattern.endsWith('/*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern;
}

/** The error for a content that a prompt has no place for. `why` says what it takes. */
export function unsendable(what: string, why: string): AgentError {
  return new AgentError('input_invalid', `A content of type ${what} cannot be sent: ${why}.`);
}
