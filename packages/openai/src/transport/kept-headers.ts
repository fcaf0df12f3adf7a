// Headers that are sent again and again, and never change.
import type { Fetch } from './fetch.ts';

export class KeptHeaders extends Headers {
  /** Names and values in turn, as node:http writes them. */
  readonly list: readonly string[];

  constructor(headers: Headers) {
    super(headers);
    this.list = listOf(headers);
  }
}

export function listOf(headers: Headers): readonly string[] {
  if (headers instanceof KeptHeaders) return headers.list;
  const list: string[] = [];
  headers.forEach((value, name) => list.push(name, value));
  return list;
}

/** The same fetch with a copy of kept headers: a replacement for fetch may add to those it gets. */
export function withOwnHeaders(fetch: Fetch): Fetch {
  return (input, init) => {
    const { headers } = init ?? {};
    return fetch(input, headers instanceof KeptHeaders ? { ...init, headers: new Headers(headers) } : init);
  };
}
