// Runs checks in a prestarted child process with a time limit: an endless loop ends with a message.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { compileCache } from '../../../../scripts/compile-cache.ts';
import type { Job, Outcome } from './check-process.ts';

/** Long enough for any check on a busy machine. */
const LIMIT_MS = 10_000;

const PROGRAM = join(import.meta.dirname, 'check-process.ts');

/** An empty variable overrides the one in `.env`: no exercise calls a real model. */
const NO_KEY = { LLM_PROVIDER: '', LLM_MODEL: '', OPENAI_API_KEY: '', OPENAI_BASE_URL: '', AZURE_OPENAI_ENDPOINT: '' };

export interface RunnerOptions {
  readonly limitMs?: number;
  /** Loads the libraries of a model before the first check asks for one. */
  readonly needsModel?: boolean;
}

/** One process that runs one check after the other, until one of them breaks it. */
export class CheckRunner implements AsyncDisposable {
  readonly #limitMs: number;
  readonly #child: ChildProcess;
  readonly #ready: Promise<unknown>;
  readonly #closed: Promise<unknown>;
  #output = '';

  constructor({ limitMs = LIMIT_MS, needsModel = false }: RunnerOptions = {}) {
    this.#limitMs = limitMs;
    this.#child = fork(PROGRAM, needsModel ? ['model'] : [], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...process.env, ...NO_KEY, NODE_COMPILE_CACHE: compileCache },
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
      });
    }
    this.#closed = once(this.#child, 'close');
    this.#ready = Promise.race([once(this.#child, 'message'), this.#closed]);
  }

  /** False when a check broke the process; then create another runner. */
  get isUsable(): boolean {
    return this.#child.connected && !this.#child.killed;
  }

  /** Output of the checks and the learner's code, including stack traces. Complete once the runner is disposed. */
  get output(): string {
    return this.#output;
  }

  /** Resolves with the unmet expectation. Never rejects. */
  async check(job: Job): Promise<Outcome> {
    await this.#ready;
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    const onEnd = (code: number | null, signal: string | null): void => {
      const how = signal ?? `exit code ${code}`;
      resolve({ sentence: `your code ended the process (${how}) before the check had finished` });
    };
    const timer = setTimeout(() => {
      resolve({ sentence: tooLong(this.#limitMs) });
      this.#child.kill('SIGKILL');
    }, this.#limitMs);
    this.#child.once('message', resolve).once('exit', onEnd);
    if (this.isUsable) this.#child.send(job);
    else onEnd(this.#child.exitCode, this.#child.signalCode);
    const outcome = await promise;
    clearTimeout(timer);
    this.#child.off('message', resolve).off('exit', onEnd);
    return outcome;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#closed;
  }
}

function tooLong(limitMs: number): string {
  return `your code was still running after ${limitMs / 1_000} s: look for an endless loop, or a promise that never settles`;
}
