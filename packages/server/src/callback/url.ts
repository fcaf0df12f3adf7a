// A callback URL as a caller hands it in: what can be refused before anything is resolved or sent.
import { isIP } from 'node:net';
import { AgentError } from '@turnstream/core';
import { isLoopbackAddress, isPublicAddress } from './public-address.ts';

export interface CallbackUrlOptions {
  /** For a development server: takes a literal address such as `127.0.0.1`, also without TLS. Never a name. False by default. */
  readonly allowLoopback?: boolean | undefined;
  /** The allowed ports of a public host, only 443 by default. Other ports may belong to internal services. */
  readonly ports?: readonly number[] | undefined;
}

const HTTPS_PORT = 443;

const MAX_LENGTH = 2048;

/**
 * The URL, when a run may have it as its `callbackUrl`: https, a host that is a name or a public address, no user name,
 * password or fragment, an allowed port, at most 2,048 characters. Names are not resolved here: every delivery attempt
 * checks the addresses they resolve to at that time.
 *
 * Throws `input_invalid`. The message names the scheme or the host; paths and queries may hold secrets.
 */
export function checkCallbackUrl(
  text: string,
  { allowLoopback = false, ports = [HTTPS_PORT] }: CallbackUrlOptions = {},
): URL {
  if (text.length > MAX_LENGTH) throw refused(`has ${text.length} characters, more than ${MAX_LENGTH}`);
  const url = URL.parse(text);
  if (url === null) throw refused('is not a URL');
  // The parser has turned 0x7f.1 and 2130706433 into 127.0.0.1 by now, and what only looks like "localhost" into it.
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const isLocal = allowLoopback && isLoopbackAddress(host);
  if (url.protocol !== 'https:' && !(isLocal && url.protocol === 'http:')) throw refused(`begins with ${url.protocol}`);
  if (url.username !== '' || url.password !== '') throw refused('has a user name or a password in it');
  if (url.href.includes('#')) throw refused('has a fragment');
  if (isIP(host) !== 0 && !isLocal && !isPublicAddress(host)) throw refused(`leads to ${host}, which is not public`);
  if (host.endsWith('.')) throw refused(`has a host that ends with a dot, ${host}`);
  if (/(^|\.)localhost$/.test(host)) throw refused(`leads to ${host}, which is not public`);
  const port = url.port === '' ? HTTPS_PORT : Number(url.port);
  if (!isLocal && !ports.includes(port)) throw refused(`uses port ${port}; allowed: ${ports.join(', ')}`);
  return url;
}

function refused(why: string): AgentError {
  return new AgentError(
    'input_invalid',
    `callbackUrl ${why}. Use https and a public host, as in https://example.com/hook.`,
  );
}
