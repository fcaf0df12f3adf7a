// A background response over plain fetch: the requests that ask for one, its looks, and the events of its streams.
import { framesIn, readChunks, responsesPath, type Target } from '../reader.ts';

export type Json = Record<string, unknown>;

export const letters: readonly string[] = ['Alpha ', 'beta ', 'gamma ', 'delta.'];
export const polled: Json = { model: 'gpt-4.1', input: 'List four letters.', background: true };
export const streamed: Json = { ...polled, stream: true };

export function get(model: Target, path: string): Promise<Response> {
  return fetch(`${model.baseURL}${responsesPath}${path}`);
}

export async function look(model: Target, id = 'resp_1'): Promise<Json> {
  const response = await get(model, `/${id}`);
  return (await response.json()) as Json;
}

export async function statuses(model: Target, looks: number): Promise<unknown[]> {
  const seen: unknown[] = [];
  for (let count = 0; count < looks; count += 1) {
    const { status, error } = await look(model);
    seen.push(status ?? (error as Json)['message']);
  }
  return seen;
}

export async function eventsOf(response: Response): Promise<Json[]> {
  const text = Buffer.concat((await readChunks(response)).chunks).toString('utf8');
  return framesIn(text).map(({ data }) => JSON.parse(data) as Json);
}

export function numbersOf(events: readonly Json[]): unknown[] {
  return events.map((event) => event['sequence_number']);
}

export function numbers(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

export function textOf(events: readonly Json[]): string {
  return events.map((event) => (event['delta'] as string | undefined) ?? '').join('');
}
