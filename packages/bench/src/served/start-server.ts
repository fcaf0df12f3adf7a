// The servers by name, each loaded alone.
import type { Served, ServerName } from './server.ts';
import type { Kept } from './store.ts';

export async function startServer(name: ServerName, kept: Kept): Promise<Served> {
  if (name === 'node:http') return (await import('./node-http.ts')).nodeHttp();
  return (await import('./agent-server.ts')).agentServer(kept);
}
