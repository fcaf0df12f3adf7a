// What a chat completion or its first chunk says about itself: model, time, tier; and log probabilities, chunk by chunk.
import type { ResponseMetadata } from '@turnstream/core';
import { asCount, asList, asObject, asText, type JsonObject } from '@turnstream/core/seams';

/** Null when there is nothing of that in either. */
export function metadataIn(body: JsonObject, choice: JsonObject): ResponseMetadata | null {
  const model = asText(body['model']);
  const created = asCount(body['created']);
  const serviceTier = asText(body['service_tier']);
  const logprobs = asList(asObject(choice['logprobs'])?.['content']);
  if (model === null && created === null && serviceTier === null && logprobs === null) return null;
  return {
    ...(model === null ? {} : { model }),
    ...(created === null ? {} : { createdAtMs: created * 1000 }),
    ...(serviceTier === null ? {} : { serviceTier }),
    ...(logprobs === null ? {} : { logprobs }),
  };
}
