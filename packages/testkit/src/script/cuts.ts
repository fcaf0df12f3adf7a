// Where a body is split into network chunks, as data. The result must never depend on it.

/** Where the bytes of an answer are cut into network chunks. */
export type Cuts =
  | { readonly kind: 'per_frame' }
  | { readonly kind: 'every'; readonly bytes: number }
  | { readonly kind: 'at'; readonly offsets: readonly number[] }
  | { readonly kind: 'seeded'; readonly seed: number }
  | { readonly kind: 'whole' };

/** One network chunk per frame. The default. */
export const perFrame: Cuts = { kind: 'per_frame' };

/** One chunk per byte, which splits characters, line ends and JSON escapes. */
export const everyByte: Cuts = { kind: 'every', bytes: 1 };

/** The whole body in one chunk. */
export const whole: Cuts = { kind: 'whole' };

/** Chunks of `bytes` bytes each. */
export function every(bytes: number): Cuts {
  if (!Number.isInteger(bytes) || bytes < 1) throw new RangeError(`every(${bytes}): use a whole number of at least 1`);
  return { kind: 'every', bytes };
}

/** Cuts at these byte offsets; offsets outside the body are ignored. */
export function at(offsets: readonly number[]): Cuts {
  return { kind: 'at', offsets };
}

/** Chunks of 1 to 64 bytes, mostly short; the same seed always gives the same cuts. */
export function seeded(seed: number): Cuts {
  return { kind: 'seeded', seed };
}

/**
 * The end offset of each network chunk, in ascending order; the last one is `length`. `frameEnds` are the offsets at
 * which frames end, where `perFrame` cuts.
 */
export function cutOffsets(cuts: Cuts, length: number, frameEnds: readonly number[]): number[] {
  const offsets = innerOffsets(cuts, length, frameEnds).filter((offset) => offset > 0 && offset < length);
  const rising = [...new Set(offsets)].toSorted((left, right) => left - right);
  return length === 0 ? [] : [...rising, length];
}

function innerOffsets(cuts: Cuts, length: number, frameEnds: readonly number[]): readonly number[] {
  switch (cuts.kind) {
    case 'whole':
      return [];
    case 'per_frame':
      return frameEnds;
    case 'at':
      return cuts.offsets;
    case 'every':
      return Array.from({ length: Math.floor(length / cuts.bytes) }, (_, index) => (index + 1) * cuts.bytes);
    case 'seeded':
      return seededOffsets(cuts.seed, length);
    default:
      return cuts satisfies never;
  }
}

function seededOffsets(seed: number, length: number): number[] {
  const random = seededRandom(seed);
  const offsets: number[] = [];
  // Squared, so that single bytes are common and long chunks rare.
  for (let offset = 0; offset < length; offsets.push(offset)) offset += 1 + Math.floor(64 * random() ** 2);
  return offsets;
}

/** Pseudo-random numbers in [0, 1), reproducible from the seed (mulberry32). */
function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
