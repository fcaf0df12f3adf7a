// Where a redirect leads, by the rules of the fetch standard.

export interface Outgoing {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string | Uint8Array<ArrayBuffer> | undefined;
}

/** As many as fetch follows. */
export const MAX_REDIRECTS = 20;

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const OF_THE_BODY = ['content-encoding', 'content-language', 'content-location', 'content-type', 'content-length'];
const OF_THE_ORIGIN = ['authorization', 'proxy-authorization', 'cookie', 'host'];
/** Not in the standard, and as secret as those that are. */
const KEYS = ['api-key', 'x-api-key'];

export function isRedirect(status: number): boolean {
  return REDIRECTS.has(status);
}

/** The request to send next. Throws a `TypeError` for a place that is not on the web. Another origin does not get the key. */
export function redirected(sent: Outgoing, status: number, location: string): Outgoing {
  const url = new URL(location, sent.url);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new TypeError('URL scheme must be a HTTP(S) scheme');
  }
  const headers = new Headers(sent.headers);
  if (url.origin !== sent.url.origin) for (const name of [...OF_THE_ORIGIN, ...KEYS]) headers.delete(name);
  const becomesGet =
    ((status === 301 || status === 302) && sent.method === 'POST') ||
    (status === 303 && sent.method !== 'GET' && sent.method !== 'HEAD');
  if (!becomesGet) return { ...sent, url, headers };
  for (const name of OF_THE_BODY) headers.delete(name);
  return { url, method: 'GET', headers, body: undefined };
}
