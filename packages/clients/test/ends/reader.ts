// A client as the reader of one streamed answer, and what it says in the end.
import type { ServeOptions } from '../served.ts';

export interface ReadOptions {
  /** The server's, without a path. */
  readonly url: string;
  /** Called when the first word has arrived. */
  readonly onText: () => void;
}

export interface Reader {
  /** As the page names it. */
  readonly client: string;
  /** Whose version the page tells. */
  readonly from: string;
  /** What turns its protocol on at the server. */
  readonly options: Partial<ServeOptions>;
  /** Reads an answer. Resolves with what the client then says, in a few words; rejects with the client's error. */
  read(options: ReadOptions): Promise<string>;
}

export const QUESTION = 'Where is my order?';

/** A client that has noticed nothing. */
export const WHOLE = '**takes it for the whole answer**';
