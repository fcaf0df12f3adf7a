// What the frames of an answer have in common: most differ from the one before in a few values, and only those are parsed.
import { asList, asObject, type JsonObject } from '@turnstream/core/seams';

/** The members whose values change from frame to frame. */
const MEMBER = /"(content|created|delta|obfuscation|reasoning|reasoning_content|sequence_number)":\s*("|\d)/g;

/** What can follow the first digits of a number that is not whole. */
const CONTINUES = /[.eE]/;

/** Stand for the values. No frame holds them by chance. */
const TEXT: string = crypto.randomUUID();
const NUMBER: number = Math.floor(Math.random() * 2 ** 52);

interface Hole {
  /** All that comes between the hole before and this one. */
  readonly before: string;
  readonly isText: boolean;
  /** Whose member the value is. */
  readonly owner: Record<string, unknown>;
  readonly name: string;
}

/**
 * A frame with holes for values. What fits into it is the same JSON: a whole string or a whole number stands where one
 * stood, so every other token of it stays what it was.
 */
export class FrameTemplate {
  readonly #frame: JsonObject;
  readonly #holes: readonly Hole[];
  readonly #rest: string;

  private constructor(frame: JsonObject, holes: readonly Hole[], rest: string) {
    this.#frame = frame;
    this.#holes = holes;
    this.#rest = rest;
  }

  /**
   * The template that the text of a frame fits; null when it has no holes, the value of one is not found in it, or a
   * number is not whole.
   */
  static of(data: string): FrameTemplate | null {
    const found: Omit<Hole, 'owner'>[] = [];
    let probe = '';
    let end = 0;
    for (const { 0: member, 1: name = '', index } of data.matchAll(MEMBER)) {
      const start = index + member.length - 1;
      const isText = data[start] === '"';
      const before = data.slice(end, start);
      probe += before + JSON.stringify(stand(isText, found.length));
      found.push({ before, isText, name });
      end = endOf(data, start, isText);
      // Only the digits are in the hole, and a large stand-in would round a fraction after them away.
      if (!isText && CONTINUES.test(data[end] ?? '')) return null;
    }
    const rest = data.slice(end);
    const frame = asObject(JSON.parse(probe + rest));
    if (frame === null || found.length === 0) return null;
    const owners = [frame, deltaOf(frame)];
    const holes: Hole[] = [];
    for (const [index, hole] of found.entries()) {
      const owner = owners.find((each) => each?.[hole.name] === stand(hole.isText, index));
      if (owner == null) return null;
      holes.push({ ...hole, owner });
    }
    return new FrameTemplate(frame, holes, rest);
  }

  /** What `JSON.parse` makes of the text; null when the text does not fit. The next call writes into the same object. */
  read(data: string): JsonObject | null {
    let end = 0;
    for (const { before, isText, owner, name } of this.#holes) {
      const start = end + before.length;
      // Slices compare faster than `startsWith` does.
      if (data.slice(end, start) !== before) return null;
      end = endOf(data, start, isText);
      const value = valueOf(data.slice(start, end));
      if (value === undefined) return null;
      owner[name] = value;
    }
    return data.slice(end) === this.#rest ? this.#frame : null;
  }
}

/** The value of a token; undefined for anything else. */
function valueOf(token: string): unknown {
  try {
    return JSON.parse(token);
  } catch {
    return undefined;
  }
}

function stand(isText: boolean, index: number): string | number {
  return isText ? TEXT + index : NUMBER + index;
}

/** The delta of a Chat Completions chunk. */
function deltaOf(frame: JsonObject): Record<string, unknown> | null {
  return asObject(asObject(asList(frame['choices'])?.[0])?.['delta']);
}

/** Where a string or a whole number that begins at `start` is over. */
function endOf(data: string, start: number, isText: boolean): number {
  let end = start;
  if (!isText) {
    while (isDigit(data.charCodeAt(end))) end += 1;
    return end;
  }
  do end = data.indexOf('"', end + 1);
  while (isEscaped(data, end));
  return end === -1 ? data.length : end + 1;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

const BACKSLASH = 92;

/** An odd number of backslashes before a quote makes it part of the string. */
function isEscaped(data: string, quote: number): boolean {
  let before = quote - 1;
  while (data.charCodeAt(before) === BACKSLASH) before -= 1;
  return (quote - before) % 2 === 0;
}
