// Requests to a server of ours, and its refusals as errors with their codes.
import { AgentError, type AgentErrorCode } from '@turnstream/core';
import { AGENT_ERROR_CODES, parseRetryAfter } from '@turnstream/core/seams';

/** The address of a server, and the caller's token. */
export interface Connection {
  /** Address of the server including its prefix, without a trailing slash; '' for the page's own origin. */
  readonly url: string;
  /** Sent as `Authorization: Bearer ...`. */
  readonly token?: string | undefined;
  /** Used instead of the global `fetch`. */
  readonly fetch?: typeof fetch | undefined;
}

/** A request to a server. */
export interface Ask {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** Rejects with the server's own code for anything but a 2xx, with `connection_failed`, or with the signal's reason. */
export async function ask(
  { url, token, fetch = globalThis.fetch }: Connection,
  path: string,
  options: Ask = {},
): Promise<Response> {
  const { method = 'GET', body, headers = {}, signal } = options;
  const response = await sent(
    () =>
      fetch(url + path, {
        method,
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal === undefined ? {} : { signal }),
      }),
    signal,
  );
  if (response.ok) return response;
  throw refusal(response, await problemIn(response));
}

async function sent(send: () => Promise<Response>, signal: AbortSignal | undefined): Promise<Response> {
  try {
    return await send();
  } catch (cause) {
    signal?.throwIfAborted();
    throw new AgentError(
      'connection_failed',
      'The server cannot be reached. Is the address right, and is it running?',
      {
        cause,
      },
    );
  }
}

interface Problem {
  readonly code?: unknown;
  readonly message?: unknown;
}

/** A proxy on the way may answer with anything, such as a page of its own. */
async function problemIn(response: Response): Promise<Problem> {
  try {
    const body: unknown = await response.json();
    const problem = typeof body === 'object' && body !== null && 'error' in body ? body.error : null;
    return typeof problem === 'object' && problem !== null ? problem : {};
  } catch {
    return {};
  }
}

function refusal({ status, headers }: Response, { code, message }: Problem): AgentError {
  return errorFrom(code, typeof message === 'string' ? message : `The server answered with status ${status}.`, {
    status,
    retryAfterMs: parseRetryAfter(headers.get('retry-after')) ?? undefined,
  });
}

/** An error that the server names; `server_error` when this client does not know the name, which is then its `serviceCode`. */
export function errorFrom(
  code: unknown,
  message: string,
  options: { readonly status?: number; readonly retryAfterMs?: number | undefined } = {},
): AgentError {
  const known = AGENT_ERROR_CODES.find((each): each is AgentErrorCode => each === code);
  if (known !== undefined) return new AgentError(known, message, options);
  return new AgentError('server_error', message, {
    ...options,
    serviceCode: typeof code === 'string' ? code : undefined,
  });
}
