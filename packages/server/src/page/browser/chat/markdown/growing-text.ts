// Finds the finished blocks of a growing text: those before a block of which two complete lines have arrived.
import { type Block, readBlocks } from './blocks.ts';

export interface Blocks {
  /** New since the last call, and final. */
  readonly finished: readonly Block[];
  /** The rest, which may still change. */
  readonly open: readonly Block[];
}

export class GrowingText {
  /** Where the first unfinished block starts. */
  #from = 0;

  /** `text` must start with the text of the previous call. `isWhole` means that it is complete. */
  read(text: string, isWhole: boolean): Blocks {
    const lines = text.slice(this.#from).split('\n');
    const blocks = readBlocks(lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line)));
    if (isWhole) {
      this.#from = text.length;
      return { finished: blocks, open: [] };
    }
    // The last line may be incomplete, and the second line of a block may make it a table.
    const begun = blocks.findLastIndex(({ line }) => line + 2 < lines.length);
    const finished = blocks.slice(0, Math.max(begun, 0));
    if (begun > 0) this.#from += lines.slice(0, blocks[begun]?.line).reduce((sum, line) => sum + line.length + 1, 0);
    return { finished, open: blocks.slice(Math.max(begun, 0)) };
  }
}
