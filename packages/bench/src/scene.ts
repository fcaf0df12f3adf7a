// What a metric is given, what it gives back, and the check that everyone read the same.
import { deepStrictEqual } from 'node:assert/strict';
import type { Peer } from './peer.ts';
import { type Api, chunksOfText } from './wire.ts';

/** One peer beside one fresh fake model. */
export interface Scene {
  readonly peer: Peer;
  readonly api: Api;
  readonly origin: string;
}

/** Numbers by the key of their row. */
export type Readings = Readonly<Record<string, number>>;

export type Metric = (scene: Scene) => Promise<Readings>;

/** Throws unless the text is the whole answer of so many chunks. */
export function checkText(text: string, chunks: number): void {
  deepStrictEqual(text, chunksOfText(chunks).join(''));
}

export const readAll = (): boolean => true;
