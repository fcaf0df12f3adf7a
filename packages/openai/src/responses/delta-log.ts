// What the deltas of a Responses stream have said so far: finds repeats, gaps, and what never came as a delta.
import { AgentError, type Content } from '@turnstream/core';
import { asCount } from '@turnstream/core/seams';
import type { SaidContent } from '../call/updates.ts';
import type { OutputContent } from './contents.ts';

type Kind = SaidContent['type'];

export class DeltaLog {
  /** The events up to this one are not part of the stream: it was resumed after them. */
  readonly #after: number | null;
  #sequence: number | null;
  #gap = false;
  /** Items that began in this stream, as far as that matters. */
  readonly #begun = new Set<string>();
  /** Text and refusals as delivered, in order. */
  #delivered = '';
  /** Where in that the text of the current item begins. */
  #itemStart = 0;
  /** Something was taken for a repeat. */
  #hasDropped = false;
  /** Items that had deltas, for each kind of content. */
  readonly #items = new Set<string>();
  #kind: Kind | null = null;
  #itemId: string | null = null;

  constructor(after: number | null = null) {
    this.#after = this.#sequence = after;
  }

  get isResumed(): boolean {
    return this.#after !== null;
  }

  /** Some events are missing. */
  get isLossy(): boolean {
    return this.#gap;
  }

  /** True for an event whose number has been passed. A jump ahead is remembered: something was lost. */
  isRepeat(sequenceNumber: unknown): boolean {
    const sequence = asCount(sequenceNumber);
    if (sequence === null) return false;
    if (this.#sequence !== null) {
      if (sequence <= this.#sequence) {
        this.#hasDropped = true;
        return true;
      }
      if (sequence > this.#sequence + 1) this.#gap = true;
    }
    this.#sequence = sequence;
    return false;
  }

  begin(itemId: string | null): void {
    if (this.isResumed && itemId !== null) this.#begun.add(itemId);
  }

  add(kind: Kind, itemId: string | null, text: string): void {
    const isSame = kind === this.#kind && itemId === this.#itemId;
    if (!isSame) this.#itemStart = this.#delivered.length;
    if (kind !== 'text_reasoning') this.#delivered += text;
    // Deltas of one item come in a row, so its key is built once.
    if (isSame) return;
    this.#kind = kind;
    this.#itemId = itemId;
    this.#items.add(kind).add(`${kind} ${itemId ?? ''}`);
  }

  /**
   * Whether this item had deltas of this kind. Deltas that did not name their item may have been any item's, and those of
   * an item that began before the stream was resumed came before that.
   */
  has(kind: Kind, itemId: string | null): boolean {
    if (this.isResumed && (itemId === null || !this.#begun.has(itemId))) return true;
    return itemId === null
      ? this.#items.has(kind)
      : this.#items.has(`${kind} ${itemId}`) || this.#items.has(`${kind} `);
  }

  /**
   * What the whole text of an item holds beyond its deltas. Only the newest item can be compared; one that had no deltas is
   * all news. Throws `stream_malformed` when a delta was dropped as a repeat and the whole says something else.
   */
  restOf(kind: Kind, itemId: string | null, whole: string): string {
    if (!this.has(kind, itemId)) return whole;
    if (kind === 'text_reasoning' || kind !== this.#kind || itemId !== this.#itemId || this.isResumed) return '';
    const delivered = this.#delivered.slice(this.#itemStart);
    if (whole.startsWith(delivered)) return whole.slice(delivered.length);
    if (this.#hasDropped) throw lost();
    return '';
  }

  /**
   * What the whole answer holds beyond the deltas. A service may tidy up its final text; deltas without a gap are
   * kept as they were.
   *
   * Throws `stream_malformed` when the deltas are not the beginning of the answer and some were lost or dropped as repeats.
   */
  missingFrom(contents: readonly OutputContent[]): readonly OutputContent[] {
    if (this.isResumed) {
      if (this.#gap) throw lost();
      return [];
    }
    if (this.#items.size === 0 && !this.#gap) return contents;
    const readable = contents.filter(({ content }) => content.type === 'text' || content.type === 'refusal');
    const whole = readable.map(({ content }) => textIn(content)).join('');
    if (whole.startsWith(this.#delivered)) return beyond(this.#delivered.length, readable);
    if (this.#gap || this.#hasDropped) throw lost();
    return [];
  }
}

function textIn(content: Content): string {
  return content.type === 'text' || content.type === 'refusal' ? content.text : '';
}

function lost(): AgentError {
  return new AgentError(
    'stream_malformed',
    'Parts of the stream were lost in transit, in the middle of a text. Ask again.',
  );
}

/** The contents without their first `skip` characters. */
function beyond(skip: number, contents: readonly OutputContent[]): OutputContent[] {
  const rest: OutputContent[] = [];
  let left = skip;
  for (const { content, ...place } of contents) {
    const text = textIn(content).slice(left);
    left = Math.max(0, left - textIn(content).length);
    if (text !== '') rest.push({ content: { type: content.type === 'refusal' ? 'refusal' : 'text', text }, ...place });
  }
  return rest;
}
