// What a transport is: a function in the shape of `fetch`. `#transport` makes the one of the platform.

export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** The longest Node's fetch waits for a byte, unless its dispatcher says otherwise. In milliseconds. */
export const FETCH_WAIT_MS = 300_000;
