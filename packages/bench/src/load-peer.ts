// The peers by name, each loaded alone.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Peer, PeerName } from './peer.ts';
import type { Api } from './wire.ts';

/** Loads only what this peer needs: loading is part of what a start costs. */
export async function loadPeer(name: PeerName, api: Api): Promise<Peer> {
  switch (name) {
    case 'fetch':
      return (await import('./fetch-loop.ts')).fetchLoop(api);
    case 'openai':
      return (await import('./openai-sdk.ts')).openaiSdk(api);
    case 'turnstream':
      return (await import('./turnstream-agent.ts')).turnstreamAgent(api);
    case 'ai':
    case 'openai-agents':
    case 'langgraph':
      return (await otherLibrary(name)).peer(api);
    default:
      return name satisfies never;
  }
}

/** Installed on demand and run from its source in the folder of this package, so the compiler does not follow. */
function otherLibrary(name: 'ai' | 'openai-agents' | 'langgraph'): Promise<{ peer(api: Api): Peer }> {
  return import(pathToFileURL(resolve('peers', `${name}.ts`)).href) as Promise<{ peer(api: Api): Peer }>;
}
