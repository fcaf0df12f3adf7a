// What every client does here: one question, and the answer or an error.

export interface Asked {
  readonly url: string;
  readonly token: string;
  readonly question: string;
  /** Called for each piece of the answer. */
  readonly onText?: () => void;
}

/** Rejects when the client says that something went wrong. */
export type Ask = (asked: Asked) => Promise<string>;

export const nothing = (): void => {};

export function bearer(token: string): { readonly authorization: string } {
  return { authorization: `Bearer ${token}` };
}
