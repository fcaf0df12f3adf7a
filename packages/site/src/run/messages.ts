// What the page and the worker that runs a program say to each other.

/** To the worker: run this. */
export interface Start {
  readonly entry: string;
  readonly shown: string;
  readonly files: Readonly<Record<string, string>>;
}

/** From the worker. `text` is what the program writes; one of the others is the last message. */
export type Said =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly message: string };
