// What the deltas of a Responses stream have said so far: finds repeats, gaps, and what never came as a delta.
import { AgentError, type Content } from '@turnstream/core';
import { asCount, asText, type JsonObject } from '@turnstream/core/seams';
import type { SaidContent } from '../call/updates.ts';
import type { OutputContent } from './contents.ts';

type Kind = SaidContent['type'];

/** Where in the answer a text is. Each member is null when the event does not say. */
export interface Place {
  readonly itemId: string | null;
  /** The place of the item in the output. Some services change the id of an item from event to event, but not its place. */
  readonly index: number | null;
  /** The part of the item: of its content, or of its summary. */
  readonly part: number | null;
}

/** Where an event belongs. The reasoning text of open models is not a part of the summary. */
export function placeOf(kind: Kind, frame: JsonObject): Place {
  const part = frame[kind === 'text_reasoning' ? 'summary_index' : 'content_index'];
  return { itemId: asText(frame['item_id']), index: asCount(frame['output_index']), part: asCount(part) };
}

/** The deltas at one place of the output that no whole item has followed yet. */
interface Open {
  readonly kind: Kind;
  readonly index: number | null;
  readonly parts: Set<number | null>;
  /** The parts whose own `done` has come. */
  readonly ended: Set<number | null>;
}

export class DeltaLog {
  /** The events up to this one are not part of the stream: it was resumed after them. */
  readonly #after: number | null;
  #sequence: number | null;
  #gap = false;
  /** Items that began in this stream, as far as that matters. */
  readonly #begun = new Set<string>();
  /** Text and refusals as delivered, in order. */
  #delivered = '';
  /** Where in `#delivered` the text of the current part begins. */
  #partStart = 0;
  /** Something was taken for a repeat. */
  #hasDropped = false;
  /** The parts of each item that had deltas, for each kind of content. */
  readonly #parts = new Map<string, Set<number | null>>();
  #open: Open[] = [];
  #kind: Kind | null = null;
  #itemId: string | null = null;
  #part: number | null = null;

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

  add(kind: Kind, place: Place, text: string): void {
    const { itemId, part } = place;
    const isSame = kind === this.#kind && itemId === this.#itemId && part === this.#part;
    if (!isSame) this.#partStart = this.#delivered.length;
    if (kind !== 'text_reasoning') this.#delivered += text;
    // Deltas of one part come in a row, so they are noted once.
    if (isSame) return;
    this.#kind = kind;
    this.#itemId = itemId;
    this.#part = part;
    const key = keyOf(kind, itemId);
    const parts = this.#parts.get(key);
    if (parts === undefined) this.#parts.set(key, new Set([part]));
    else parts.add(part);
    const open = this.#openAt(kind, place);
    if (open === undefined) this.#open.push({ kind, index: place.index, parts: new Set([part]), ended: new Set() });
    else {
      open.parts.add(part);
      open.ended.delete(part);
    }
  }

  /** Takes note that a part is whole. Another that comes whole at its place is not the same under a new id. */
  endPart(kind: Kind, place: Place): void {
    this.#openAt(kind, place)?.ended.add(place.part);
  }

  #openAt(kind: Kind, { index }: Place): Open | undefined {
    return this.#open.find((open) => open.kind === kind && open.index === index);
  }

  /**
   * Takes note of a whole message or reasoning item. Returns what of it has not come before: deltas that no whole item of
   * their kind has followed yet are its own, even if their ids differ, unless they are known to be at another place.
   */
  addItem(item: JsonObject, place: Place, contents: readonly OutputContent[]): readonly OutputContent[] {
    const kinds: readonly Kind[] = item['type'] === 'message' ? ['text', 'refusal'] : ['text_reasoning'];
    const isNew = !kinds.some((kind) => this.#hasOfItem(kind, place));
    const unsaid = contents.filter(({ content }, part) =>
      'text' in content ? !this.#hasOfItem(content.type, { ...place, part }) : isNew,
    );
    for (const output of unsaid) {
      const { content } = output;
      if ('text' in content) this.add(content.type, { ...place, part: contents.indexOf(output) }, content.text);
    }
    this.#open = this.#open.filter((open) => !kinds.includes(open.kind) || !mayBeSame(open.index, place.index));
    return unsaid;
  }

  #hasOfItem(kind: Kind, place: Place): boolean {
    const isIn = (open: Open): boolean =>
      open.kind === kind && mayBeSame(open.index, place.index) && covers(open.parts, place.part);
    return this.has(kind, place) || this.#open.some(isIn);
  }

  /**
   * Whether this part had deltas of this kind. Deltas that did not name their item or part may belong to any, and an
   * item that began before the stream was resumed had its deltas before that.
   */
  has(kind: Kind, place: Place): boolean {
    const { itemId, part } = place;
    if (this.isResumed && (itemId === null || !this.#begun.has(itemId))) return true;
    if (itemId === null) return [...this.#parts.keys()].some((key) => key.startsWith(`${kind} `));
    if (this.#parts.has(keyOf(kind, null))) return true;
    const parts = this.#parts.get(keyOf(kind, itemId));
    if (parts !== undefined && covers(parts, part)) return true;
    const open = place.index === null ? undefined : this.#openAt(kind, place);
    return open !== undefined && covers(open.parts, part) && !open.ended.has(part);
  }

  /**
   * What the whole text of a part adds to its deltas: all of it if there were none. Only the newest part can be compared. A
   * text that contradicts its deltas is left to the end of the answer.
   */
  restOf(kind: Kind, place: Place, whole: string): string {
    if (!this.has(kind, place)) return whole;
    if (kind === 'text_reasoning' || !this.#isNewest(kind, place) || this.isResumed) return '';
    const delivered = this.#delivered.slice(this.#partStart);
    return whole.startsWith(delivered) ? whole.slice(delivered.length) : '';
  }

  #isNewest(kind: Kind, { itemId, part }: Place): boolean {
    if (kind !== this.#kind || itemId !== this.#itemId) return false;
    return part === this.#part || part === null || this.#part === null;
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
    if (this.#parts.size === 0 && !this.#gap) return contents;
    const readable = contents.filter(({ content }) => content.type === 'text' || content.type === 'refusal');
    const whole = readable.map(({ content }) => textIn(content)).join('');
    if (whole.startsWith(this.#delivered)) return beyond(this.#delivered.length, readable);
    if (this.#gap || this.#hasDropped) throw lost();
    return [];
  }
}

function keyOf(kind: Kind, itemId: string | null): string {
  return `${kind} ${itemId ?? ''}`;
}

/** Null is a part that the event did not name. */
function covers(parts: ReadonlySet<number | null>, part: number | null): boolean {
  return part === null || parts.has(part) || parts.has(null);
}

function mayBeSame(index: number | null, other: number | null): boolean {
  return index === null || other === null || index === other;
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
