// Answers that go on without a reader: their frames so far, for readers that come later, and the way to stop them.
import { unlessAborted } from '@turnstream/core/seams';
import type { AnswerStream } from '../sse/answer-events.ts';
import { sessionBusy } from './sessions-in-use.ts';

export class LiveAnswer {
  readonly #stream: AnswerStream;
  /** What the answer continues, in frames that follow its first one. Its first reader has it already. */
  readonly #before: string;
  readonly #frames: string[] = [];
  readonly #ended = Promise.withResolvers<void>();
  #isEnded = false;
  #changed = Promise.withResolvers<void>();

  constructor(stream: AnswerStream, before: string) {
    this.#stream = stream;
    this.#before = before;
  }

  /** There is always room. */
  push(frame: string): undefined {
    this.#frames.push(frame);
    this.#tell();
  }

  end(): void {
    this.#isEnded = true;
    this.#tell();
    this.#ended.resolve();
  }

  /** All frames from the first one on, as they come. Throws the signal's reason. */
  frames(signal: AbortSignal): AsyncIterable<string> {
    return this.#from(0, signal);
  }

  /** The same for a reader that was not there when the answer began. */
  async *replay(signal: AbortSignal): AsyncGenerator<string, undefined> {
    while (this.#frames.length === 0 && !this.#isEnded) await unlessAborted(this.#changed.promise, signal);
    const [first = ''] = this.#frames;
    yield first + this.#before;
    yield* this.#from(1, signal);
  }

  async *#from(begin: number, signal: AbortSignal): AsyncGenerator<string, undefined> {
    for (let at = begin; ; ) {
      const changed = this.#changed.promise;
      const next = this.#frames.slice(at).join('');
      at = this.#frames.length;
      if (next !== '') yield next;
      else if (this.#isEnded) return;
      else await unlessAborted(changed, signal);
    }
  }

  /** Ends the answer with what has come. Resolves when nothing of it is in progress. */
  async stop(): Promise<void> {
    await this.#stream.cancel();
    await this.#ended.promise;
  }

  #tell(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}

/** The answers of this process that go on, each under the name of its conversation. */
export class LiveAnswers {
  readonly #answers = new Map<string, LiveAnswer>();

  find(owner: string, name: string): LiveAnswer | null {
    return this.#answers.get(keyOf(owner, name)) ?? null;
  }

  /** Keeps the answer until it is disposed. Throws `session_busy` while the conversation has another. */
  keep(owner: string, name: string, answer: LiveAnswer): Disposable {
    const key = keyOf(owner, name);
    if (this.#answers.has(key)) throw sessionBusy();
    this.#answers.set(key, answer);
    return { [Symbol.dispose]: () => void this.#answers.delete(key) };
  }
}

function keyOf(owner: string, name: string): string {
  return JSON.stringify([owner, name]);
}
