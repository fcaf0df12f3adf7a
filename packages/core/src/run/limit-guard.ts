// Limits of a run as timers, not loop checks: a check in the loop sleeps exactly when the model does.
import { AgentError } from '../errors.ts';
import type { ChatUpdate } from '../model/update.ts';
import type { Limits } from './limits.ts';

const encoder = new TextEncoder();
const BEYOND_ASCII = /[\u0080-\uffff]/;

/** Watches one run; calls `exceeded` at most once. It runs a clock of the time the model is waited for. */
export class LimitGuard {
  readonly #limits: Limits;
  readonly #exceeded: (error: AgentError) => void;
  #totalTimer: ReturnType<typeof setTimeout> | undefined;
  #silenceTimer: ReturnType<typeof setTimeout> | undefined;
  /** How long the model may be silent: `firstUpdateMs` until its first sign of life, `idleMs` from then on. */
  #silenceMs: number | undefined;
  #isAlive = false;
  /** How long the run has waited for the model since its last sign of life, and when the current wait began. */
  #waitedMs = 0;
  #waitingSince: number | null = null;
  #bytes = 0;

  constructor(limits: Limits, exceeded: (error: AgentError) => void) {
    this.#limits = limits;
    this.#silenceMs = limits.firstUpdateMs;
    this.#exceeded = exceeded;
  }

  /** The run's first pull waits. */
  start(): void {
    const { totalMs } = this.#limits;
    if (totalMs !== undefined) {
      this.#totalTimer = setTimeout(() => {
        this.#fail('total_timeout', `The run took longer than ${totalMs} ms. Raise limits.totalMs or ask for less.`);
      }, totalMs);
    }
    this.#watchSilence();
    this.resume();
  }

  /** The model is waited for from here on. */
  resume(): void {
    if (this.#silenceTimer !== undefined) this.#waitingSince = performance.now();
  }

  /** Stops timing the model: an update came, or tools run. A slow reader is not the model's silence. */
  pause(): void {
    if (this.#waitingSince === null) return;
    this.#waitedMs += performance.now() - this.#waitingSince;
    this.#waitingSince = null;
  }

  /** Takes note of an update and pauses the clock. False when it breaks a limit; `exceeded` has then been called. */
  admits(update: ChatUpdate): boolean {
    this.pause();
    if (update.contents.length === 0 && !update.isWorking) return true;
    const { idleMs, maxBytes } = this.#limits;
    if (maxBytes !== undefined) {
      this.#bytes += byteLength(update);
      if (this.#bytes > maxBytes) {
        this.#fail('max_bytes', `The answer passed ${maxBytes} bytes. Raise limits.maxBytes or ask for less.`);
        return false;
      }
    }
    this.#waitedMs = 0;
    // A tool that ran before the first model call does not show that the model is active.
    if (!this.#isAlive && update.role !== 'tool') {
      this.#isAlive = true;
      this.#silenceMs = idleMs;
      clearTimeout(this.#silenceTimer);
      this.#watchSilence();
    }
    return true;
  }

  stop(): void {
    clearTimeout(this.#totalTimer);
    clearTimeout(this.#silenceTimer);
  }

  /** One timer that looks back when it fires, instead of one that is reset for every update. */
  #watchSilence(delayMs = this.#silenceMs): void {
    const limitMs = this.#silenceMs;
    if (limitMs === undefined) {
      this.#silenceTimer = undefined;
      return;
    }
    this.#silenceTimer = setTimeout(() => {
      const waiting = this.#waitingSince;
      const restMs = waiting === null ? limitMs : limitMs - this.#waitedMs - (performance.now() - waiting);
      if (restMs > 0) this.#watchSilence(restMs);
      else this.#failSilence(limitMs);
    }, delayMs);
  }

  #failSilence(ms: number): void {
    if (this.#isAlive) {
      this.#fail(
        'idle_timeout',
        `The model fell silent for ${ms} ms in the middle of its answer. Raise limits.idleMs or ask again.`,
      );
    } else {
      const advice = 'The model is likely stuck: ask again, or raise limits.firstUpdateMs.';
      this.#fail('first_update_timeout', `Nothing arrived within ${ms} ms. ${advice}`);
    }
  }

  #fail(code: 'first_update_timeout' | 'idle_timeout' | 'total_timeout' | 'max_bytes', message: string): void {
    this.stop();
    this.#exceeded(new AgentError(code, message));
  }
}

/** Tool results are not the model's words and do not count. */
function byteLength(update: ChatUpdate): number {
  let bytes = 0;
  for (const content of update.contents) {
    if ('text' in content) bytes += utf8Length(content.text);
    else if (content.type === 'function_call') bytes += utf8Length(content.arguments);
  }
  return bytes;
}

/** ASCII has a byte for each character, and encoding a short text costs more than looking for others. */
function utf8Length(text: string): number {
  return BEYOND_ASCII.test(text) ? encoder.encode(text).length : text.length;
}
