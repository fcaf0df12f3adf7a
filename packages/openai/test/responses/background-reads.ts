// A background client, what it asks with, and the texts it gives.
import type { BackgroundClient, BackgroundEvent, BackgroundSnapshot } from '@turnstream/core/seams';
import { OpenAIResponsesClient } from '../../src/index.ts';
import { API_KEY, question } from '../both-apis.ts';

export const letters: readonly string[] = ['Alpha ', 'beta ', 'gamma ', 'delta.'];

export const options = (): { signal: AbortSignal } => ({ signal: new AbortController().signal });

export const polled = (): ReturnType<typeof question> => question({ stream: false });

export const json = { 'content-type': 'application/json' };

export function clientOf({ baseURL }: { readonly baseURL: string }): BackgroundClient {
  return new OpenAIResponsesClient({ model: 'gpt-4.1', apiKey: API_KEY, baseURL, maxRetries: 0 }).background;
}

export const textOf = ({ updates }: BackgroundSnapshot): string => updates.map((update) => update.text).join('');

export const textsOf = (events: readonly BackgroundEvent[]): string[] =>
  events.map(({ update }) => update.text).filter((text) => text !== '');

export interface Read {
  readonly events: readonly BackgroundEvent[];
  readonly texts: readonly string[];
  readonly error: unknown;
  readonly last: number | null;
}

/** Reads a stream until it ends, fails, or has given so many texts. */
export async function read(
  stream: AsyncIterable<BackgroundEvent>,
  texts: number = Number.POSITIVE_INFINITY,
): Promise<Read> {
  const events: BackgroundEvent[] = [];
  let error: unknown = null;
  try {
    for await (const event of stream) {
      events.push(event);
      if (textsOf(events).length === texts) break;
    }
  } catch (thrown) {
    error = thrown;
  }
  return { events, texts: textsOf(events), error, last: events.at(-1)?.sequenceNumber ?? null };
}
