// One run as an async iterable: cold, single-use, never thenable. Everyone who reads it shares one pump.
import { AgentError } from '../errors.ts';
import { leavable } from '../leavable.ts';
import type { AgentResponse } from '../message/response.ts';
import type { AgentResponseUpdate } from '../message/update.ts';
import { PullQueue } from '../model/pull-queue.ts';
import { partialValues } from './partial-values.ts';
import type { Pull, Run } from './run.ts';

const DONE: Pull = { done: true, value: undefined };

/** The updates of one streaming run, pulled one by one. */
export interface ResponseUpdates extends AsyncIterator<AgentResponseUpdate, undefined> {
  /**
   * The next update if it has arrived and no pull waits. Null does not mean the end: the next pull tells. For a reader of
   * many updates, who would otherwise wait for a promise for each.
   */
  takeReady?(): AgentResponseUpdate | null;
}

/**
 * The updates of one streaming run.
 *
 * Nothing is sent before the first pull. `break` closes the model connection at once; `finalResponse()` then resolves
 * with what was delivered and `status: 'cancelled'`. An aborted signal throws its own reason from the iterator and from
 * `finalResponse()`. An error reaches both as the same object; using only one of them leaves no unhandled rejection.
 *
 * @example
 * ```ts source="../../../samples/src/examples.ts#firstSentence"
 * export async function firstSentence(agent: Agent, question: string): Promise<AgentResponse> {
 *   const stream = agent.runStreaming(question);
 *   for await (const text of stream.textStream) if (text.endsWith('.')) break; // closes the model's connection
 *   return stream.finalResponse(); // what was seen, with status "cancelled"
 * }
 * ```
 */
export class ResponseStream<Value = never> implements AsyncIterable<AgentResponseUpdate>, AsyncDisposable {
  readonly #run: Run<Value>;
  /** What `finalResponse()` has read and the iterator has not. Null until it is asked for. */
  #kept: PullQueue<AgentResponseUpdate> | null = null;
  #claimed = false;

  constructor(run: Run<Value>) {
    this.#run = run;
  }

  /** Throws `stream_consumed` the second time. `finalResponse()` still resolves with the answer. */
  [Symbol.asyncIterator](): ResponseUpdates {
    if (this.#claimed) {
      throw new AgentError(
        'stream_consumed',
        'This stream has already been iterated. Await finalResponse() for the whole answer.',
      );
    }
    this.#claimed = true;
    let left = false;
    return {
      next: () => (left ? Promise.resolve(DONE) : (this.#kept ?? this.#run).next()),
      takeReady: () => (left ? null : (this.#kept ?? this.#run).takeReady()),
      return: async () => {
        left = true;
        await this.cancel();
        return DONE;
      },
    };
  }

  /** Only the non-empty texts, as a chat prints them. It counts as the stream's one iteration. */
  get textStream(): AsyncIterable<string> {
    return {
      [Symbol.asyncIterator]: () => leavable(texts(this[Symbol.asyncIterator]()), () => this.cancel()),
    };
  }

  /**
   * The value of a run with `output` as it grows: what its JSON holds so far, unvalidated, as a new plain object each
   * time. Strings may be cut short and members missing; a number appears once it is complete. The last value is the one
   * that `finalResponse()` validates for its `value`. A reader that pulls after every update gets a value after each one,
   * or in a long text after every 256th of its length. It counts as the stream's one iteration.
   */
  get partialValues(): AsyncIterable<unknown> {
    return {
      [Symbol.asyncIterator]: () => leavable(partialValues(this[Symbol.asyncIterator]()), () => this.cancel()),
    };
  }

  /**
   * The whole answer. Reads the stream to its end if nothing else does; an iteration in progress still gets every
   * update. Rejects with the error that ended the run.
   */
  finalResponse(): Promise<AgentResponse<Value>> {
    if (this.#kept === null) {
      this.#kept = new PullQueue();
      void this.#readInto(this.#kept);
    }
    return this.#run.final;
  }

  /** Stops the run and closes the model connection. Does nothing after the end. */
  cancel(reason?: unknown): Promise<void> {
    return this.#run.cancel(reason);
  }

  /** Cancels an unfinished run at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.cancel();
  }

  async #readInto(kept: PullQueue<AgentResponseUpdate>): Promise<void> {
    try {
      for (let pull = await this.#run.next(); pull.done !== true; pull = await this.#run.next()) kept.push(pull.value);
      kept.end();
    } catch (error) {
      kept.fail(error);
    }
  }
}

async function* texts(updates: AsyncIterator<AgentResponseUpdate, undefined>): AsyncGenerator<string, undefined> {
  for (let pull = await updates.next(); pull.done !== true; pull = await updates.next()) {
    if (pull.value.text !== '') yield pull.value.text;
  }
}
