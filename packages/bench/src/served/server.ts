// The servers side by side, by name, each loaded alone.
import type { Kept } from './store.ts';

export const SERVERS = ['node:http', 'turnstream'] as const;
export type ServerName = (typeof SERVERS)[number];

export interface Served extends AsyncDisposable {
  /** Of `POST /chat/stream`. */
  readonly port: number;
  readonly token: string;
}

export async function startServer(name: ServerName, kept: Kept): Promise<Served> {
  if (name === 'node:http') return (await import('./node-http.ts')).nodeHttp();
  return (await import('./agent-server.ts')).agentServer(kept);
}
