// What a provider wants back on the next call: kept as it came, under one key, and sent back to providers only.
import type { SharedV4ProviderMetadata } from '@ai-sdk/provider';
import { asObject, type JsonObject, type Opaque } from '@turnstream/core/seams';

const AI_SDK = 'ai_sdk';

/** As a member of a content; nothing when there is nothing to keep. Providers put a key of their own around what is theirs. */
export function kept(metadata: SharedV4ProviderMetadata | undefined): { readonly opaque?: Opaque } {
  return metadata === undefined ? {} : { opaque: keep(metadata) };
}

export function keep(value: object): Opaque {
  return { [AI_SDK]: value };
}

/** What `keep` kept; null when another client wrote the content. */
export function keptIn(content: { readonly opaque?: Opaque }): JsonObject | null {
  return asObject(content.opaque?.[AI_SDK]);
}

/** As a member of a part of a prompt. */
export function given(content: { readonly opaque?: Opaque }): { readonly providerOptions?: SharedV4ProviderMetadata } {
  const metadata = keptIn(content);
  // It came from a provider as JSON, through histories that keep JSON as it is.
  return metadata === null ? {} : { providerOptions: metadata as SharedV4ProviderMetadata };
}
