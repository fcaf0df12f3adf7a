// What the tests want of a client: a conversation with a served agent, held as users of the client hold one.

export interface AskOptions {
  readonly signal?: AbortSignal;
  /** Takes the answer as it comes. */
  readonly onText?: (text: string) => void;
}

export interface Chat {
  /** The answer to the next question of the conversation. Rejects when the client says that something failed. */
  ask(question: string, options?: AskOptions): Promise<string>;
}

export interface ChatOptions {
  /** The server's, without a path. */
  readonly url: string;
  readonly token: string;
}

export interface OtherClient {
  /** The package, and how it is used. */
  readonly name: string;
  readonly api: 'chat completions' | 'responses';
  open(options: ChatOptions): Chat;
}

/** The function that each client declares, and runs itself when the model calls it. */
export const look = {
  name: 'look',
  description: 'What the user sees.',
  /** JSON Schema; no client changes it on the way. */
  parameters: { type: 'object', properties: {}, required: [], additionalProperties: false },
  seen: 'a map of Oslo',
} as const;

/** The agent's name as a model. */
export const MODEL = 'shop';
