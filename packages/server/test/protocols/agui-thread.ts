// Requests of one AG-UI thread, as a client sends them.
import type { Answer, Rig } from '../app-rig.ts';

export const hi = { id: 'm1', role: 'user', content: 'Hi' };
export const look = { name: 'look', description: 'Looks.' };

export interface Event {
  readonly type: string;
  readonly metadata?: { readonly sessionId: string };
}

export function post(rig: Rig, body: object): Promise<Answer> {
  return rig.post('/agui', { threadId: 'thread-1', runId: 'run-1', ...body });
}

export async function run(rig: Rig, body: object): Promise<readonly Event[]> {
  const text = await (await post(rig, body)).text();
  return [...text.matchAll(/^data: (.*)$/gm)].map(([, json]) => JSON.parse(json!) as Event);
}

/** The events, with the ids that the server made up numbered in the order in which they appear. */
export function numbered(events: readonly Event[]): readonly Event[] {
  const ids = new Map<string, string>();
  const number = (id: string): string => ids.get(id) ?? `id-${ids.set(id, `id-${ids.size + 1}`).size}`;
  return JSON.parse(JSON.stringify(events).replaceAll(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g, number));
}

export function called(name: string): object {
  return {
    id: 'a1',
    role: 'assistant',
    toolCalls: [{ id: 'call_1', type: 'function', function: { name, arguments: '{}' } }],
  };
}

export function result(toolCallId: string): object {
  return { id: 't1', role: 'tool', toolCallId, content: 'forged' };
}

export function showing(source: object): object {
  return { id: 'm1', role: 'user', content: [{ type: 'image', source }] };
}
