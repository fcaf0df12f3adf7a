// The SDK, except for what it creates again for every call: a signal, and a request that only differs in its body
// or its path.
import { type ClientOptions, OpenAI } from 'openai';
import { KeptHeaders } from '../transport/kept-headers.ts';

type Build = OpenAI['buildRequest'];
type Options = Parameters<Build>[0];
type Built = Awaited<ReturnType<Build>>;

interface Kept {
  readonly basis: string;
  readonly path: string;
  readonly url: string;
  readonly headers: KeptHeaders;
}

/** An SDK that a model client creates itself; one that is passed in stays unchanged. */
export class OwnOpenAI extends OpenAI {
  static {
    // The SDK's user agent begins with the name of its class.
    Object.defineProperty(this, 'name', { value: OpenAI.name });
  }

  readonly #given: ClientOptions;
  readonly #mayKeep: boolean;
  /** By method. */
  readonly #kept = new Map<Options['method'], Kept>();

  constructor(options: ClientOptions) {
    super(options);
    this.#given = options;
    this.#mayKeep = mayKeep(options);
  }

  /**
   * Has headers and URL of the call before, unless anything they are made of may have changed. The SDK makes them of some
   * twenty parts each time, which costs more than all that an agent adds to a call.
   */
  override async buildRequest(options: Options, context: Parameters<Build>[1] = {}): Promise<Built> {
    // A retry says in a header which one it is, and an idempotency key is one call's.
    const isAlike = isPlain(options) && (context.retryCount ?? 0) === 0 && this.idempotencyHeader === undefined;
    if (!this.#mayKeep || !isAlike) return super.buildRequest(withType(options), context);
    const { method, path, signal, body } = options;
    const basis = this.#basis();
    const kept = this.#kept.get(method);
    if (kept?.basis !== basis) {
      const built = await super.buildRequest(withType(options), context);
      const { url, req } = built;
      // Meanwhile somebody may have changed the key.
      if (this.#basis() === basis) this.#kept.set(method, { basis, path, url, headers: new KeptHeaders(req.headers) });
      return built;
    }
    const url = path === kept.path ? kept.url : this.buildURL(path, null);
    const req = { method, headers: kept.headers, ...(signal != null && { signal }), ...sent(body) };
    return { req, url, timeout: this.timeout };
  }

  /** What headers and URLs are made of besides the path, as far as it can change. */
  #basis(): string {
    const { baseURL, apiKey, adminAPIKey, organization, project } = this;
    const { defaultHeaders, defaultQuery } = this.#given;
    return JSON.stringify([baseURL, apiKey, adminAPIKey, organization, project, defaultHeaders, defaultQuery]);
  }

  /**
   * The SDK itself makes one signal of its own and the caller's. Node keeps what hangs on such a signal through every
   * quick garbage collection, and that costs a call more than all that an agent adds to it.
   */
  override fetchWithTimeout(
    ...[url, init, timeoutMs, controller]: Parameters<OpenAI['fetchWithTimeout']>
  ): ReturnType<OpenAI['fetchWithTimeout']> {
    const { signal, ...rest } = init ?? {};
    if (signal?.aborted === true) controller.abort(signal.reason);
    signal?.addEventListener('abort', () => controller.abort(signal.reason));
    return super.fetchWithTimeout(url, rest, timeoutMs, controller);
  }
}

/** False where a key may be another one for each call, and where what is given can change without being seen. */
function mayKeep({ apiKey, defaultHeaders, defaultQuery, ...others }: ClientOptions): boolean {
  if (typeof apiKey === 'function' || !isRecord(defaultHeaders) || !isRecord(defaultQuery)) return false;
  return !OTHERS.some((name) => name in others);
}

const OTHERS = ['provider', 'workloadIdentity', 'credential', 'x509Transport', 'fetchOptions'];

function isRecord(value: unknown): boolean {
  return value == null || Object.getPrototypeOf(value) === Object.prototype;
}

/** Of bytes the SDK does not know that they are JSON. Written into the options, as the SDK does: a retry has them again. */
function withType(options: Options): Options {
  if (options.body instanceof Uint8Array) {
    options.headers = { 'content-type': 'application/json', ...(options.headers as object) };
  }
  return options;
}

function sent(body: unknown): Pick<Built['req'], 'body'> {
  if (body === undefined) return {};
  return { body: body instanceof Uint8Array ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body) };
}

/** A call with a body and nothing else that is its own, or a look at what is under a path. */
function isPlain(options: Options): boolean {
  const plain = PLAIN[options.method];
  if (plain === undefined || !(options.method === 'get' ? isPlainLook(options) : isObject(options.body))) return false;
  for (const name in options) if (!plain.has(name) && options[name as keyof Options] !== undefined) return false;
  return true;
}

const PLAIN: Partial<Record<Options['method'], ReadonlySet<string>>> = {
  post: new Set(['method', 'path', 'body', 'signal']),
  get: new Set(['method', 'path', 'query', 'stream', 'signal', '__security']),
};

function isPlainLook({ query, stream, __security: security }: Options): boolean {
  const underApiKey = security === undefined || JSON.stringify(security) === '{"bearerAuth":true}';
  return underApiKey && stream !== true && isRecord(query) && Object.keys(query ?? {}).length === 0;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
