// The sample: of each file the mutants with the lowest lots, the same ones on every machine.
import { createHash } from 'node:crypto';
import type { Mutant } from './instrument.ts';

export interface Draw {
  readonly seed: string;
  /** Share of a file's mutants. */
  readonly share: number;
  /** How many of a file are drawn at least; all, when it has fewer. */
  readonly least: number;
}

/** The mutants that were drawn, each with the number of mutants of its file that it speaks for. */
export function drawn(
  mutants: readonly Mutant[],
  { seed, share, least }: Draw,
): readonly (Mutant & { readonly weight: number })[] {
  return [...Map.groupBy(mutants, ({ file }) => file).values()].flatMap((ofFile) => {
    const count = Math.min(ofFile.length, Math.max(least, Math.ceil(share * ofFile.length)));
    return ofFile
      .map((mutant) => ({ ...mutant, weight: ofFile.length / count, lot: lotOf(mutant, seed) }))
      .toSorted((left, right) => (left.lot < right.lot ? -1 : 1))
      .slice(0, count)
      .toSorted((left, right) => left.line - right.line);
  });
}

function lotOf({ file, line, original, replacement }: Mutant, seed: string): string {
  return createHash('sha256').update([seed, file, line, original, replacement].join('\n')).digest('hex');
}
