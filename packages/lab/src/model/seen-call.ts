/** One model call as the model saw it. Times are milliseconds since 1970. */
export interface SeenCall {
  readonly atMs: number;
  /** Null while the answer is in progress. */
  readonly endedAtMs: number | null;
  readonly status: number;
  /** Tokens of the whole answer; one per fragment. */
  readonly tokens: number;
  /** How many of them the model had generated when its connection ended. */
  readonly made: number;
  /** The reader left before the end. */
  readonly closedEarly: boolean;
  readonly instructions: string | null;
  readonly messages: readonly { readonly role: string; readonly text: string }[];
}
