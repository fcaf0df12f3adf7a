// Parts of an answer that are neither words nor calls: files, sources, and what the provider did itself.
import type {
  LanguageModelV4Citation,
  LanguageModelV4CustomContent,
  LanguageModelV4File,
  LanguageModelV4ReasoningFile,
  LanguageModelV4Source,
  LanguageModelV4ToolCall,
  LanguageModelV4ToolResult,
} from '@ai-sdk/provider';
import { type Annotation, type Content, dataContent, type ServiceItemContent } from '@turnstream/core';
import { keep, kept } from '../opaque.ts';

type ProviderItem =
  | LanguageModelV4CustomContent
  | LanguageModelV4ReasoningFile
  | LanguageModelV4ToolCall
  | LanguageModelV4ToolResult;

export function fileContent({ data, mediaType, providerMetadata }: LanguageModelV4File): Content {
  const opaque = kept(providerMetadata);
  if (data.type === 'url') return { type: 'uri', uri: data.url.href, mediaType, ...opaque };
  if (typeof data.data !== 'string') return { ...dataContent(data.data, mediaType), ...opaque };
  return { type: 'data', uri: `data:${mediaType};base64,${data.data}`, mediaType, ...opaque };
}

/** An item of the provider's own, kept as the part of a prompt that it becomes on the next call. */
export function serviceItem(part: ProviderItem): ServiceItemContent {
  switch (part.type) {
    case 'tool-call': {
      const { type, toolCallId, toolName, input } = part;
      const call = { type, toolCallId, toolName, input: parsed(input), providerExecuted: true };
      return item(toolName, { ...call, ...options(part) }, toolCallId);
    }
    case 'tool-result': {
      const { type, toolCallId, toolName, result } = part;
      const output = { type: part.isError === true ? 'error-json' : 'json', value: result };
      return item(toolName, { type, toolCallId, toolName, output, ...options(part) }, toolCallId);
    }
    case 'custom':
      return item(part.kind, { type: part.type, kind: part.kind, ...options(part) });
    case 'reasoning-file': {
      const { type, mediaType } = part;
      const file = fileContent({ ...part, type: 'file' });
      return item(type, { type, mediaType, uri: 'uri' in file ? file.uri : '', ...options(part) });
    }
  }
}

function item(name: string, part: object, id?: string): ServiceItemContent {
  return { type: 'service_item', name, ...(id === undefined ? {} : { id }), opaque: keep(part) };
}

function options({ providerMetadata }: ProviderItem): object {
  return providerMetadata === undefined ? {} : { providerOptions: providerMetadata };
}

function parsed(input: string): unknown {
  try {
    return JSON.parse(input);
  } catch {
    return input;
  }
}

export function annotationOf(source: LanguageModelV4Source): Annotation {
  const title = source.title === undefined ? {} : { title: source.title };
  if (source.sourceType === 'url') return { type: 'citation', ...title, url: source.url };
  const { mediaType, filename } = source;
  return { type: 'citation', ...title, opaque: keep({ mediaType, ...(filename === undefined ? {} : { filename }) }) };
}

/** `blockStart` is where the block begins in its message, in UTF-16 code units: providers count from the block. */
export function citationOf(citation: LanguageModelV4Citation, blockStart: number): Annotation {
  const { source, startIndex, endIndex, citedText } = citation;
  return {
    ...annotationOf(source),
    ...(citedText === undefined ? {} : { snippet: citedText }),
    ...(startIndex === undefined || endIndex === undefined
      ? {}
      : { regions: [{ startIndex: blockStart + startIndex, endIndex: blockStart + endIndex }] }),
  };
}
