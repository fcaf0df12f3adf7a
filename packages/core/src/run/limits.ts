// Limits of a run as timers, not loop checks: a check in the loop sleeps exactly when the model does.
import { AgentError } from '../errors.ts';
import type { AgentResponseUpdate } from '../message/update.ts';
import { MAX_TIMER_MS } from '../timers.ts';

/** Each limit that is passed ends the run with its own error code and closes the model connection. */
export interface Limits {
  /** From the first pull to the first update with contents: `first_update_timeout`. Role and keep-alive frames do not count. */
  readonly firstUpdateMs?: number | undefined;
  /** Time the model is waited for between two updates with contents: `idle_timeout`. Slow readers and tools do not count. */
  readonly idleMs?: number | undefined;
  /** From the first pull to the end: `total_timeout`. */
  readonly totalMs?: number | undefined;
  /** UTF-8 bytes of all that the model says, tool arguments included: `max_bytes`. Exactly this many still pass. */
  readonly maxBytes?: number | undefined;
  /** Model calls with tools on offer before a last one without; 40 when left out, as in MAF. */
  readonly maxToolRounds?: number | undefined;
  /** Rounds in a row with a failed call before a last model call without tools; 3 when left out, as in MAF. */
  readonly maxToolErrors?: number | undefined;
}

const encoder = new TextEncoder();

/** The limits that are given. Throws `config_invalid` unless each is a positive number in range. */
export function checkLimits(limits: Limits): Limits {
  const given = Object.entries(limits).filter(([, value]) => value !== undefined);
  for (const [name, value] of given) {
    if (typeof value === 'number' && value > 0 && value <= MAX_TIMER_MS) continue;
    throw new AgentError('config_invalid', `limits.${name} is ${value}; it must be between 1 and ${MAX_TIMER_MS}.`);
  }
  return Object.fromEntries(given);
}

/** Watches one run; calls `exceeded` at most once. */
export class LimitGuard {
  readonly #limits: Limits;
  readonly #exceeded: (error: AgentError) => void;
  #totalTimer: ReturnType<typeof setTimeout> | undefined;
  #silenceTimer: ReturnType<typeof setTimeout> | undefined;
  #hasContent = false;
  /** How long the model was waited for since its last contents, and since when it is waited for now. */
  #silentMs = 0;
  #waitingSince: number | null = null;
  #bytes = 0;

  constructor(limits: Limits, exceeded: (error: AgentError) => void) {
    this.#limits = limits;
    this.#exceeded = exceeded;
  }

  start(): void {
    const { totalMs, firstUpdateMs } = this.#limits;
    if (totalMs !== undefined) {
      this.#totalTimer = setTimeout(() => {
        this.#fail('total_timeout', `The run took longer than ${totalMs} ms. Raise limits.totalMs or ask for less.`);
      }, totalMs);
    }
    if (firstUpdateMs !== undefined) {
      this.#silenceTimer = setTimeout(() => {
        const advice = 'The model is likely stuck: ask again, or raise limits.firstUpdateMs.';
        this.#fail('first_update_timeout', `Nothing arrived within ${firstUpdateMs} ms. ${advice}`);
      }, firstUpdateMs);
    }
  }

  /** Takes note of an update. False when it breaks a limit; `exceeded` has then been called. */
  admits(update: AgentResponseUpdate): boolean {
    if (update.contents.length === 0) return true;
    const { idleMs, maxBytes } = this.#limits;
    if (maxBytes !== undefined) {
      this.#bytes += byteLength(update);
      if (this.#bytes > maxBytes) {
        this.#fail('max_bytes', `The answer passed ${maxBytes} bytes. Raise limits.maxBytes or ask for less.`);
        return false;
      }
    }
    this.#silentMs = 0;
    if (!this.#hasContent) {
      this.#hasContent = true;
      clearTimeout(this.#silenceTimer);
      if (idleMs !== undefined) this.#watchSilence(idleMs, idleMs);
    }
    return true;
  }

  /** Somebody waits for the model from here on. A slow reader is not the model's silence. */
  wait(): void {
    if (this.#limits.idleMs !== undefined) this.#waitingSince = performance.now();
  }

  /** Nobody waits for the model any more: an update came, or tools run. */
  rest(): void {
    if (this.#waitingSince === null) return;
    this.#silentMs += performance.now() - this.#waitingSince;
    this.#waitingSince = null;
  }

  /** While tools run it is not the model that is silent. Their results are contents: the first update is no longer waited for. */
  toolsRun(running: boolean): void {
    if (running) this.rest();
    else this.wait();
    if (!this.#hasContent) clearTimeout(this.#silenceTimer);
  }

  stop(): void {
    clearTimeout(this.#totalTimer);
    clearTimeout(this.#silenceTimer);
  }

  /** One timer that looks back when it fires, instead of one that is set anew for every update. */
  #watchSilence(idleMs: number, delayMs: number): void {
    this.#silenceTimer = setTimeout(() => {
      const waitedMs = this.#waitingSince === null ? 0 : performance.now() - this.#waitingSince;
      const restMs = this.#waitingSince === null ? idleMs : idleMs - this.#silentMs - waitedMs;
      if (restMs > 0) this.#watchSilence(idleMs, restMs);
      else
        this.#fail(
          'idle_timeout',
          `The model fell silent for ${idleMs} ms in mid-answer. Raise limits.idleMs or ask again.`,
        );
    }, delayMs);
  }

  #fail(code: 'first_update_timeout' | 'idle_timeout' | 'total_timeout' | 'max_bytes', message: string): void {
    this.stop();
    this.#exceeded(new AgentError(code, message));
  }
}

/** Tool results are not the model's words and do not count. */
function byteLength(update: AgentResponseUpdate): number {
  let bytes = 0;
  for (const content of update.contents) {
    if ('text' in content) bytes += encoder.encode(content.text).length;
    else if (content.type === 'function_call') bytes += encoder.encode(content.arguments).length;
  }
  return bytes;
}
