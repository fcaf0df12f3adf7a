// Items of the Responses API as contents: what messages and reasoning say, what hosted tools did, what the model drew.
import type { Annotation, Content } from '@turnstream/core';
import { asCount, asList, asObject, asText, type JsonObject, type Opaque } from '@turnstream/core/seams';

/** The key of this API's entries in `opaque`. */
export const RESPONSES = 'openai_responses';

/** A content of the answer and the message it belongs to; items outside of messages belong to none. */
export interface OutputContent {
  readonly content: Content;
  readonly messageId: string | null;
  readonly phase: string | null;
}

/** What an item says or did. A call of ours is not among it: its fragments are joined elsewhere. */
export function contentsOfItem(item: JsonObject): OutputContent[] {
  const type = asText(item['type']);
  if (type === null || type === 'function_call') return [];
  if (type === 'message') return messageContents(item);
  const contents = type === 'reasoning' ? reasoningContents(item) : [serviceContent(type, item)];
  return contents.map((content) => ({ content, messageId: null, phase: null }));
}

function messageContents(item: JsonObject): OutputContent[] {
  const [messageId, phase] = [asText(item['id']), asText(item['phase'])];
  return partsOf(item['content']).flatMap((part) => {
    const content = contentOfPart(part);
    return content === null ? [] : [{ content, messageId, phase }];
  });
}

function contentOfPart(part: JsonObject): Content | null {
  const type = asText(part['type']);
  if (type === 'refusal') {
    const refusal = asText(part['refusal']);
    return refusal === null ? null : { type: 'refusal', text: refusal };
  }
  if (type !== 'output_text') {
    return { type: 'service_item', name: type ?? 'part', opaque: { [RESPONSES]: { part } } };
  }
  const text = asText(part['text']);
  if (text === null) return null;
  const annotations = (asList(part['annotations']) ?? []).map(annotationOf);
  return annotations.length === 0 ? { type: 'text', text } : { type: 'text', text, annotations };
}

/** Each part of the summary is a content, so that they do not run together; the text of open models comes after them. */
function reasoningContents(item: JsonObject): Content[] {
  const id = asText(item['id']);
  const summary = partsOf(item['summary']).map((part) => asText(part['text']) ?? '');
  const thoughts = partsOf(item['content']).map((part) => asText(part['text']) ?? '');
  const texts = [...summary, ...(thoughts.length === 0 ? [] : [thoughts.join('')])];
  const opaque = encryptedIn(item);
  if (texts.length === 0 && opaque === undefined) return [];
  const parts = texts.length === 0 ? [''] : texts;
  return parts.map((text, part) => ({
    type: 'text_reasoning',
    text,
    ...(id === null ? {} : { id }),
    ...(part === 0 ? {} : { part }),
    ...(opaque === undefined || part < parts.length - 1 ? {} : { opaque }),
  }));
}

/** The opaque part of a finished reasoning item, which the service wants back; its text came as deltas. */
export function encryptedReasoning(item: JsonObject): OutputContent[] {
  const opaque = encryptedIn(item);
  if (opaque === undefined) return [];
  const id = asText(item['id']);
  const part = partsOf(item['summary']).length - 1;
  const place = { ...(id === null ? {} : { id }), ...(part > 0 ? { part } : {}) };
  return [{ content: { type: 'text_reasoning', text: '', ...place, opaque }, messageId: null, phase: null }];
}

function encryptedIn(item: JsonObject): Opaque | undefined {
  const encrypted = asText(item['encrypted_content']);
  return encrypted === null ? undefined : { [RESPONSES]: { encrypted_content: encrypted } };
}

/** An item of the service's own. An image it drew is a content too; the bytes are kept once. */
function serviceContent(name: string, item: JsonObject): Content {
  const { result, ...rest } = item;
  const image = name === 'image_generation_call' ? asText(result) : null;
  if (image !== null) {
    const mediaType = `image/${asText(item['output_format']) ?? 'png'}`;
    return {
      type: 'data',
      uri: `data:${mediaType};base64,${image}`,
      mediaType,
      opaque: { [RESPONSES]: { item: rest } },
    };
  }
  const id = asText(item['id']);
  return { type: 'service_item', name, ...(id === null ? {} : { id }), opaque: { [RESPONSES]: { item } } };
}

/** A citation of a page, a file, or a container's file; of another kind it is kept as it came. */
export function annotationOf(value: unknown): Annotation {
  const annotation = asObject(value) ?? {};
  const [title, url] = [asText(annotation['title']) ?? asText(annotation['filename']), asText(annotation['url'])];
  const fileId = asText(annotation['file_id']);
  const [startIndex, endIndex] = [asCount(annotation['start_index']), asCount(annotation['end_index'])];
  return {
    type: 'citation',
    ...(title === null ? {} : { title }),
    ...(url === null ? {} : { url }),
    ...(fileId === null ? {} : { fileId }),
    ...(startIndex === null || endIndex === null ? {} : { regions: [{ startIndex, endIndex }] }),
    opaque: { [RESPONSES]: annotation },
  };
}

export function partsOf(value: unknown): JsonObject[] {
  return (asList(value) ?? []).map(asObject).filter((part) => part !== null);
}
