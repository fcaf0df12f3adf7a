// The limits a caller may set: what they mean, what holds when they are left out, and which values are refused.
import { AgentError } from '../errors.ts';
import { MAX_TIMER_MS } from '../timers.ts';

/** Limits of a run. Exceeding one ends the run with its own error code and closes the model connection. */
export interface Limits {
  /**
   * Time the model may take from the first pull to its first sign of life: `first_update_timeout`. A sign of life is an
   * update with contents, or a frame that says the model has begun to reason or a hosted tool is running; role and
   * keep-alive frames do not count. Only for streams: the first update of a whole answer is its last.
   */
  readonly firstUpdateMs?: number | undefined;
  /**
   * Time the model may take between two signs of life: `idle_timeout`. Slow readers and the agent's tools do not count.
   * A model that reasons without sending anything is silent, so allow it as long as it thinks.
   */
  readonly idleMs?: number | undefined;
  /** From the first pull to the end: `total_timeout`. */
  readonly totalMs?: number | undefined;
  /**
   * UTF-8 bytes of all text the model sends, including reasoning and tool arguments: `max_bytes`. Exactly this many are
   * allowed. Images and items of the service do not count.
   */
  readonly maxBytes?: number | undefined;
  /** Model calls that offer tools, before a last one without tools; 40 by default, as in MAF. */
  readonly maxToolRounds?: number | undefined;
  /** Consecutive rounds with a failed call, before a last model call without tools; 3 by default, as in MAF. */
  readonly maxToolErrors?: number | undefined;
}

/** The limits of a run: tools always have some, or a confused model could call them endlessly. */
export interface RunLimits extends Limits {
  readonly maxToolRounds: number;
  readonly maxToolErrors: number;
}

/** MAF's (`FunctionInvocationConfiguration`). */
export const DEFAULT_LIMITS: RunLimits = { maxToolRounds: 40, maxToolErrors: 3 };

const NAMES: ReadonlySet<string> = new Set<keyof Limits>([
  'firstUpdateMs',
  'idleMs',
  'totalMs',
  'maxBytes',
  'maxToolRounds',
  'maxToolErrors',
]);

/** `given` over `base`, one by one. Throws `config_invalid` for a value that cannot be a limit. */
export function withLimits(base: RunLimits, given?: Limits | null): RunLimits {
  const set = Object.entries(given ?? {}).filter(([, value]) => value !== undefined);
  for (const [name, value] of set) {
    if (!NAMES.has(name)) {
      throw new AgentError(
        'config_invalid',
        `limits.${name} is not a limit. The limits are: ${[...NAMES].join(', ')}.`,
      );
    }
    if (name.endsWith('Ms') ? isDelay(value) : Number.isSafeInteger(value) && value >= 1) continue;
    const wanted = name.endsWith('Ms') ? `between 1 and ${MAX_TIMER_MS}` : 'a whole number of at least 1';
    const shown = typeof value === 'string' ? JSON.stringify(value) : String(value);
    throw new AgentError('config_invalid', `limits.${name} is ${shown}; it must be ${wanted}.`);
  }
  return { ...base, ...Object.fromEntries(set) };
}

function isDelay(value: unknown): boolean {
  return typeof value === 'number' && value >= 1 && value <= MAX_TIMER_MS;
}
