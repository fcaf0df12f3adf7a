// Where a row is tried: a scripted model, a library in front of it, and a reader that gives up instead of hanging.
import { type ServedModel, type Step, serveModel } from '@turnstream/testkit';
import type { Adapter, Api, Chat, Handle, StartOptions, WeatherTool } from './adapter.ts';

/** What was seen, in a few words, and whether that is what the row asks for; null where there is nothing to ask. */
export interface Finding {
  readonly holds: boolean | null;
  readonly seen: string;
}

export interface Row {
  readonly id: string;
  readonly situation: string;
  /** What a caller should be able to count on. */
  readonly asks: string;
  /** Left out: both. */
  readonly only?: Api;
  check(lab: Lab): Promise<Finding>;
}

export interface Read {
  readonly texts: readonly string[];
  readonly end: 'ends' | 'left' | 'throws' | 'hangs';
}

/** A run that has not come to an end by then never will: nothing in a script waits this long. */
const PATIENCE_MS = 10_000;

export class Lab {
  readonly api: Api;
  readonly #adapter: Adapter;

  constructor(adapter: Adapter, api: Api) {
    this.#adapter = adapter;
    this.api = api;
  }

  /** A model with this script and the library in front of it, closed afterwards. Calls beyond the script are allowed. */
  async with(
    steps: readonly Step[],
    look: (chat: Chat, model: ServedModel) => Promise<Finding>,
    tool?: WeatherTool,
  ): Promise<Finding> {
    const model = await serveModel(...steps);
    try {
      const { baseURL } = model;
      return await look(this.#adapter.open({ api: this.api, baseURL, ...(tool === undefined ? {} : { tool }) }), model);
    } finally {
      // It also complains of a library that called more often than the script expects, which a row may have come to see.
      await Promise.resolve(model[Symbol.asyncDispose]()).catch(() => {});
    }
  }
}

/** Asks and reads to the end, or until `leaveAfter` texts. */
export async function ask(
  chat: Chat,
  question: string,
  options: StartOptions & { leaveAfter?: number; onText?: () => void } = {},
): Promise<Read & { readonly handle: Handle | null; readonly error: unknown }> {
  const { leaveAfter, onText, ...start } = options;
  const texts: string[] = [];
  let handle: Handle | null = null;
  let error: unknown = null;
  const reading = async (): Promise<Read['end']> => {
    try {
      handle = await chat.start(question, start);
      for await (const text of handle.text()) {
        if (text === '') continue;
        texts.push(text);
        onText?.();
        if (texts.length === leaveAfter) return 'left';
      }
      return 'ends';
    } catch (thrown) {
      error = thrown;
      return 'throws';
    }
  };
  const end = await unlessLate(reading(), 'hangs' as const);
  return { texts, end, handle, error };
}

/** The value, or `late` when it takes too long. */
export async function unlessLate<Value, Late>(promise: Promise<Value>, late: Late): Promise<Value | Late> {
  const { promise: timeout, resolve } = Promise.withResolvers<Late>();
  const timer = setTimeout(() => resolve(late), PATIENCE_MS);
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits until the model is done with its first answer, and says how that went. */
export async function connectionOf(model: ServedModel): Promise<{ readonly closed: boolean; readonly chunks: number }> {
  const [request] = model.requests;
  if (request === undefined) return { closed: true, chunks: 0 };
  // A connection that is left open gets the whole answer, and then it was not closed early.
  await unlessLate(request.closed, null);
  return { closed: request.closedEarly, chunks: request.chunksSent };
}

/** Reads texts as one line. */
export function quoted(texts: readonly string[]): string {
  return texts.map((text) => `"${text.length > 30 ? `${text.slice(0, 29)}…` : text}"`).join(', ') || 'nothing';
}
