// Converts an MCP server's answer to a tool result: text, images and files, or structured data.
import type { Content } from '@turnstream/core';

/** One block of an answer. Newer servers may send unknown kinds. */
export interface McpContent {
  readonly type: string;
  readonly text?: string | undefined;
  readonly data?: string | undefined;
  readonly mimeType?: string | undefined;
  readonly resource?:
    | {
        readonly uri: string;
        readonly text?: string | undefined;
        readonly blob?: string | undefined;
        readonly mimeType?: string | undefined;
      }
    | undefined;
}

/** The result of an MCP tool: content for the model, or structured content. */
export interface McpResult {
  readonly content?: readonly McpContent[] | undefined;
  readonly structuredContent?: unknown;
  readonly isError?: boolean | undefined;
}

/** What the model gets: one text, text and media in order, or the structured content if there is nothing else. */
export function resultOf(result: McpResult): unknown {
  const content = result.content ?? [];
  if (content.length === 0) return result.structuredContent ?? '';
  const contents = content.map(contentOf);
  return contents.every(({ type }) => type === 'text') ? textOf(result) : contents;
}

/** What the model reads of a failed call: its text, or without text its structured content as JSON. */
export function failureOf(result: McpResult): string {
  const { structuredContent } = result;
  const said = textOf(result) || (structuredContent === undefined ? '' : JSON.stringify(structuredContent));
  return said || 'The server reported an error without saying why.';
}

/** The text of an answer, block by block. */
function textOf({ content = [] }: McpResult): string {
  return content
    .map(contentOf)
    .flatMap((each) => (each.type === 'text' ? [each.text] : []))
    .join('\n');
}

function contentOf(block: McpContent): Content {
  const { type, text, data, mimeType, resource } = block;
  if (type === 'text' && text !== undefined) return { type: 'text', text };
  if (data !== undefined && mimeType !== undefined)
    return { type: 'data', uri: dataUri(data, mimeType), mediaType: mimeType };
  if (resource?.text !== undefined) return { type: 'text', text: resource.text };
  if (resource?.blob !== undefined) {
    const mediaType = resource.mimeType ?? 'application/octet-stream';
    return { type: 'data', uri: dataUri(resource.blob, mediaType), mediaType };
  }
  // Links, with their name and description, and unknown kinds stay JSON: the model may understand them.
  return { type: 'text', text: JSON.stringify(block) };
}

function dataUri(base64: string, mediaType: string): string {
  return `data:${mediaType};base64,${base64}`;
}
