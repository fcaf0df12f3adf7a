// Blocks of text and of reasoning: fragments as they come, then what belongs to the whole block.
import type { LanguageModelV4StreamPart, SharedV4ProviderMetadata } from '@ai-sdk/provider';
import type { Content } from '@turnstream/core';
import { kept } from '../opaque.ts';
import { citationOf } from './contents.ts';

type Part<Type extends LanguageModelV4StreamPart['type']> = Extract<LanguageModelV4StreamPart, { type: Type }>;
type Start = Part<'text-start' | 'reasoning-start'>;
type Delta = Part<'text-delta' | 'reasoning-delta'>;
type End = Part<'text-end' | 'reasoning-end'>;

interface Block {
  /** How much came before it: characters of text, or blocks of reasoning. */
  readonly start: number;
  /** The provider's latest metadata, which applies to the whole block. */
  metadata: SharedV4ProviderMetadata | undefined;
}

export class Blocks {
  readonly #open = new Map<string, Block>();
  #textChars = 0;
  #thoughts = 0;
  /** The latest text came from a block without metadata. */
  #isUnsigned = false;

  /**
   * Starts a block. Returns an empty text that separates a text with metadata, such as a signature, from one without:
   * joined, they would no longer match the signature.
   */
  start(part: Start): readonly Content[] {
    const start = part.type === 'text-start' ? this.#textChars : this.#thoughts++;
    this.#open.set(keyOf(part), { start, metadata: part.providerMetadata });
    if (part.type !== 'text-start' || part.providerMetadata === undefined || !this.#isUnsigned) return [];
    this.#isUnsigned = false;
    return [{ type: 'text', text: '', ...kept({}) }];
  }

  add(part: Delta): readonly Content[] {
    const { type, delta, providerMetadata } = part;
    const block = this.#open.get(keyOf(part));
    if (block !== undefined) block.metadata = providerMetadata ?? block.metadata;
    if (delta === '') return [];
    if (type === 'reasoning-delta') return [thought(delta, block)];
    this.#textChars += delta.length;
    this.#isUnsigned = block?.metadata === undefined;
    return [{ type: 'text', text: delta }];
  }

  /** What the provider expects back, and the citations of the text, as last fragments without words. */
  end(part: End): readonly Content[] {
    const block = this.#open.get(keyOf(part));
    this.#open.delete(keyOf(part));
    const metadata = part.providerMetadata ?? block?.metadata;
    if (part.type === 'reasoning-end')
      return metadata === undefined ? [] : [{ ...thought('', block), ...kept(metadata) }];
    const annotations = (part.citations ?? []).map((citation) => citationOf(citation, block?.start ?? 0));
    return [
      ...(annotations.length === 0 ? [] : [{ type: 'text', text: '', annotations } as const]),
      ...(metadata === undefined ? [] : [{ type: 'text', text: '', ...kept(metadata) } as const]),
    ];
  }
}

/** Text and reasoning count their blocks apart. */
function keyOf({ type, id }: Start | Delta | End): string {
  return `${type.startsWith('text') ? 'text' : 'reasoning'} ${id}`;
}

/** The number of its block keeps two thoughts apart, each with its own signature. */
function thought(text: string, block: Block | undefined): Content {
  return { type: 'text_reasoning', text, part: block?.start ?? 0 };
}
