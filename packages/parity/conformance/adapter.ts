// What a library must show to be checked: start a run, read its text, ask for the whole, sessions, cancel; and where it
// has them, reasoning, background and taking a turn back.

export type Api = 'Chat Completions' | 'Responses';

/** Gets the arguments as the library hands them to a tool. */
export type WeatherTool = (args: unknown) => unknown;

export interface OpenOptions {
  readonly api: Api;
  readonly baseURL: string;
  /** Offered to the model as `get_weather({ city: string })`. */
  readonly tool?: WeatherTool;
}

export interface StartOptions {
  readonly session?: unknown;
  readonly instructions?: string;
  /** Cancels the run, in the way this library has for it. */
  readonly signal?: AbortSignal;
  /** A PNG beside the question, as a data URI. */
  readonly image?: string;
  /** For this run alone. */
  readonly settings?: Settings;
}

export interface Settings {
  readonly temperature: number;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Handle {
  /** The text of the answer, piece by piece. */
  text(): AsyncIterable<string>;
  /** The whole answer. `complete` is what the library says of it. Left out by libraries that have no such thing. */
  final?(): Promise<{ readonly text: string; readonly complete: boolean }>;
  /** What the model showed of its thinking, once the text has been read. */
  reasoning(): Promise<string>;
}

export interface Background {
  /** Starts a run and leaves it to the service; `stream` says that it is going to be watched. */
  start(
    question: string,
    options: { readonly stream: boolean },
  ): Promise<{
    /** Waits for the end. */
    wait(): Promise<string>;
    /** Streams, from where the last stream was left. */
    text(): AsyncIterable<string>;
  }>;
}

export interface Chat {
  start(question: string, options: StartOptions): Handle | Promise<Handle>;
  /** A conversation that the library keeps. Left out where the caller keeps it. */
  session?(): unknown;
  /** Takes the last turn of a session back. */
  rewind?(session: unknown): Promise<void>;
  readonly background?: Background;
}

export interface Adapter {
  readonly name: string;
  readonly apis: readonly Api[];
  open(options: OpenOptions): Chat;
}
