// Keeps the API key out of errors: out of messages, codes, stacks and causes.

/** Masks secrets in a text. */
export type Redact = (text: string) => string;

/** The places an SDK client keeps secrets in; read when an error happens, because tokens are renewed. */
export interface Secrets {
  readonly apiKey?: string | null;
  readonly adminAPIKey?: string | null;
  readonly webhookSecret?: string | null;
}

const MASK = '[redacted]';
/** Keys of other clients, and tokens in quoted headers. */
const LOOKS_SECRET = /\bsk-[\w-]{8,}|\bBearer\s+[\w.~+/=-]{8,}/g;
/** Shorter values are placeholders of local servers, such as `x`; masking those would garble every message. */
const SHORTEST_SECRET = 4;
const MAX_CAUSE_CHARS = 400;
const MAX_DEPTH = 5;

/** Makes a function that masks these secrets in a text, and everything that looks like a key. */
export function redactorFor(secrets: Secrets): Redact {
  return (text) => {
    let masked = text;
    for (const secret of [secrets.apiKey, secrets.adminAPIKey, secrets.webhookSecret]) {
      if (typeof secret === 'string' && secret.length >= SHORTEST_SECRET) masked = masked.replaceAll(secret, MASK);
    }
    return masked.replace(LOOKS_SECRET, MASK);
  };
}

/** The text, cut to `maxChars` UTF-16 code units with an ellipsis at its end. */
export function capped(text: string, maxChars: number): string {
  return text.length <= maxChars ? text : `${text.slice(0, Math.max(0, maxChars - 1))}…`;
}

/**
 * A copy of an error that is safe to log: name, message, code, stack and cause, without the key and without the headers
 * and bodies that the SDK's errors carry.
 */
export function safeCause(error: unknown, redact: Redact, depth = 0): unknown {
  if (!(error instanceof Error)) return typeof error === 'string' ? capped(redact(error), MAX_CAUSE_CHARS) : undefined;
  // The SDK's errors are all named Error; their class says which.
  const name = redact(error.name === 'Error' ? error.constructor.name : error.name);
  const message = capped(redact(error.message), MAX_CAUSE_CHARS);
  const copy = new Error(message);
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  hidden(copy, 'name', name);
  hidden(copy, 'stack', redact([`${name}: ${message}`, ...frames].join('\n')));
  if ('code' in error && typeof error.code === 'string') hidden(copy, 'code', redact(error.code));
  if (error.cause !== undefined && depth < MAX_DEPTH) hidden(copy, 'cause', safeCause(error.cause, redact, depth + 1));
  return copy;
}

/** As errors have them: there, but not enumerated. */
function hidden(error: Error, key: string, value: unknown): void {
  Object.defineProperty(error, key, { value, writable: true, configurable: true });
}
