// Where the server is, and who asks: the token of this tab.
/// <reference lib="dom" />
import type { Connection } from '../../client/index.ts';

const TOKEN = 'turnstream-token';

/**
 * Takes the token from the address and removes it there, so that it is not copied along and does not stay in a history.
 * A new token may be somebody else's, so what the tab kept for the old one is dropped.
 */
export function openConnection(): Connection {
  const inAddress = new URLSearchParams(location.hash.slice(1)).get('token');
  if (inAddress !== null) {
    if (inAddress !== sessionStorage.getItem(TOKEN)) sessionStorage.clear();
    sessionStorage.setItem(TOKEN, inAddress);
    history.replaceState(null, '', location.pathname + location.search);
  }
  const url = document.documentElement.dataset['base'] ?? '';
  return { url, token: sessionStorage.getItem(TOKEN) ?? undefined };
}
