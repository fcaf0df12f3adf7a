// What a chat completion says besides calls: text in a string or in parts, reasoning by its several names, citations, images.
import { AgentError, type Annotation, type Content } from '@turnstream/core';
import { asList, asObject, asText, type JsonObject } from '@turnstream/core/seams';

/** The key of this API's entries in `opaque`. */
export const CHAT_COMPLETIONS = 'chat_completions';

/** The members servers write reasoning in: DeepSeek, SGLang and Kimi the first, vLLM, OpenRouter, Groq and Ollama the second. */
const REASONING_MEMBERS = ['reasoning_content', 'reasoning'] as const;

/** Shared by all fragments of one kind: a stream holds thousands. */
const WRITTEN_IN = {
  reasoning_content: { [CHAT_COMPLETIONS]: { member: 'reasoning_content' } },
  reasoning: { [CHAT_COMPLETIONS]: { member: 'reasoning' } },
} as const;

/**
 * The contents of a delta or of a whole message: both write them alike. Throws `stream_malformed` for a `content` that is
 * neither text nor a list of parts.
 */
export function saidIn(source: JsonObject): Content[] {
  const { content } = source;
  const text = asText(content);
  const said: Content[] = reasoningIn(source);
  if (text !== null) said.push({ type: 'text', text });
  else if (typeof content === 'object' && content !== null) said.push(...partsIn(content));
  const refusal = asText(source['refusal']);
  if (refusal !== null) said.push({ type: 'refusal', text: refusal });
  const citations = (asList(source['annotations']) ?? []).map(citationOf).filter((found) => found !== null);
  if (citations.length > 0) said.push({ type: 'text', text: '', annotations: citations });
  for (const image of asList(source['images']) ?? []) said.push(imageOf(asObject(image) ?? {}));
  return said;
}

/** The reasoning has begun, or continues in encrypted form. `null` is how servers say that there is none. */
export function reasonsSilently(delta: JsonObject): boolean {
  return REASONING_MEMBERS.some((name) => delta[name] === '') || (asList(delta['reasoning_details']) ?? []).length > 0;
}

function reasoningIn(source: JsonObject): Content[] {
  // Some servers write both members, with the same text.
  const member = REASONING_MEMBERS.find((name) => asText(source[name]) !== null);
  if (member === undefined) return [];
  return [{ type: 'text_reasoning', text: asText(source[member]) ?? '', opaque: WRITTEN_IN[member] }];
}

function partsIn(content: object): Content[] {
  const parts = asList(content);
  if (parts !== null) return parts.flatMap(partOf);
  throw new AgentError('stream_malformed', 'The answer has a `content` that is neither text nor a list. Ask again.');
}

function partOf(value: unknown): Content[] {
  if (typeof value === 'string') return value === '' ? [] : [{ type: 'text', text: value }];
  const part = asObject(value);
  if (part === null) return [];
  const type = asText(part['type']) ?? 'part';
  if (type === 'text' || type === 'output_text') return textPart(part);
  if (type === 'refusal') return [{ type: 'refusal', text: asText(part['refusal']) ?? '' }];
  if (type === 'thinking' || type === 'reasoning') return thinkingPart(part, type);
  if (type === 'image_url') return [imageOf(part)];
  return [{ type: 'service_item', name: type, opaque: { [CHAT_COMPLETIONS]: part } }];
}

function textPart(part: JsonObject): Content[] {
  const text = asText(part['text']);
  return text === null ? [] : [{ type: 'text', text }];
}

/** Mistral writes its thinking as a list of text parts, others as a string. */
function thinkingPart(part: JsonObject, member: 'thinking' | 'reasoning'): Content[] {
  const thought = part[member] ?? part['text'];
  const texts = (asList(thought) ?? [thought]).map((each) => asText(each) ?? asText(asObject(each)?.['text']) ?? '');
  const text = texts.join('');
  return text === '' ? [] : [{ type: 'text_reasoning', text }];
}

function imageOf(part: JsonObject): Content {
  const uri = asText(asObject(part['image_url'])?.['url']) ?? asText(part['image_url']);
  if (uri === null) return { type: 'service_item', name: 'image', opaque: { [CHAT_COMPLETIONS]: part } };
  const mediaType = /^data:([^;,]+)/.exec(uri)?.[1];
  return { type: uri.startsWith('data:') ? 'data' : 'uri', uri, mediaType: mediaType ?? 'image/*' };
}

function citationOf(value: unknown): Annotation | null {
  const annotation = asObject(value);
  if (annotation === null) return null;
  const cited = asObject(annotation['url_citation']) ?? annotation;
  const [title, url, snippet] = [asText(cited['title']), asText(cited['url']), asText(cited['content'])];
  const [startIndex, endIndex] = [cited['start_index'], cited['end_index']];
  return {
    type: 'citation',
    ...(title === null ? {} : { title }),
    ...(url === null ? {} : { url }),
    ...(snippet === null ? {} : { snippet }),
    ...(typeof startIndex === 'number' && typeof endIndex === 'number' ? { regions: [{ startIndex, endIndex }] } : {}),
    ...(url === null ? { opaque: { [CHAT_COMPLETIONS]: annotation } } : {}),
  };
}
