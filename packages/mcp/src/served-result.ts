// Converts what one of our tools returned into the result of an MCP tool.
import type { CallToolResult } from '@modelcontextprotocol/server';
import type { MediaContent, TextContent } from '@turnstream/core';
import { toolOutput } from '@turnstream/core/seams';

type Block = CallToolResult['content'][number];

/** Text, or text and media in order. Throws for a value that JSON would turn into `{}`, such as a `Map`. */
export function servedResult(value: unknown): CallToolResult {
  const { result, items } = toolOutput(value);
  return { content: items?.map(blockOf) ?? [{ type: 'text', text: result }] };
}

function blockOf(item: TextContent | MediaContent): Block {
  switch (item.type) {
    case 'text':
      return { type: 'text', text: item.text };
    case 'data': {
      const { mediaType: mimeType, name = 'file' } = item;
      const data = item.uri.slice(item.uri.indexOf(',') + 1);
      if (mimeType.startsWith('image/')) return { type: 'image', data, mimeType };
      if (mimeType.startsWith('audio/')) return { type: 'audio', data, mimeType };
      return { type: 'resource', resource: { uri: `attachment:${encodeURIComponent(name)}`, blob: data, mimeType } };
    }
    case 'uri':
      return { type: 'resource_link', uri: item.uri, name: item.uri, mimeType: item.mediaType };
    case 'hosted_file':
      return { type: 'text', text: JSON.stringify(item) };
  }
}
