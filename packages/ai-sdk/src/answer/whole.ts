// An answer in one piece, as the parts of a stream in which it would have come.
import type {
  LanguageModelV4Content,
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamPart,
} from '@ai-sdk/provider';

export function* partsOf(result: LanguageModelV4GenerateResult): Generator<LanguageModelV4StreamPart> {
  const { warnings, content, finishReason, usage, response = {} } = result;
  const { id, modelId, timestamp } = response;
  yield { type: 'stream-start', warnings };
  yield {
    type: 'response-metadata',
    ...(id === undefined ? {} : { id }),
    ...(modelId === undefined ? {} : { modelId }),
    ...(timestamp === undefined ? {} : { timestamp }),
  };
  for (const [index, each] of content.entries()) yield* streamed(each, String(index));
  yield { type: 'finish', finishReason, usage };
}

function* streamed(content: LanguageModelV4Content, id: string): Generator<LanguageModelV4StreamPart> {
  if (content.type !== 'text' && content.type !== 'reasoning') return yield content;
  const { type, text, providerMetadata } = content;
  yield { type: `${type}-start`, id, ...(providerMetadata === undefined ? {} : { providerMetadata }) };
  yield { type: `${type}-delta`, id, delta: text };
  if (type === 'reasoning') yield { type: 'reasoning-end', id };
  else yield { type: 'text-end', citations: content.citations ?? [], id };
}
