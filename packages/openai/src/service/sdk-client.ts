// The official SDK behind a model client: an instance as it is given, or one made from the SDK's own options.
import { AgentError, type CallSettings } from '@turnstream/core';
import { type CallContext, redactorFor } from '@turnstream/core/seams';
import type { ClientOptions, OpenAI } from 'openai';
import { newTransport } from '#transport';
import { bodyAfter, bodyOf } from '../conversation/body.ts';
import type { Conversation } from '../conversation/conversation.ts';
import { SerializedHistory } from '../conversation/serialized-history.ts';
import { withOwnHeaders } from '../transport/kept-headers.ts';
import { OwnOpenAI } from './own-sdk.ts';
import { surfaceLongWaits } from './retry-wait.ts';
import { checkTimeout } from './timeout.ts';

/**
 * Either an instance of the SDK (`OpenAI`, `AzureOpenAI`, any version), used unchanged, or the options for an `OpenAI`:
 * `apiKey`, `baseURL`, `maxRetries`, `timeout`, `fetch` and so on. Missing options come from the SDK's environment
 * variables. `timeout` (milliseconds) is how long a request may go without an answer, 10 minutes when left out, and if
 * it is over 300,000, how long an answer may go without a byte. Without `fetch`, requests go over node:http on Node,
 * and through the global fetch elsewhere and when something needs it: a `dispatcher` in `fetchOptions`, a proxy, a
 * mock. An X.509 workload identity allows no `fetch` but its own, so it needs an instance.
 */
export type SdkOptions = { readonly client: OpenAI } | (ClientOptions & { readonly client?: undefined });

/** Options of both model clients. */
export type ModelClientOptions<Parameters extends object> = SdkOptions & {
  /** The model; on Azure the deployment. */
  readonly model: string;
  /** Sent with every request, under the API's own names. */
  readonly parameters?: Parameters | undefined;
  /**
   * Maximum length of a frame or a JSON body, in UTF-16 code units: 2,097,152 by default. Beyond it:
   * `stream_malformed`.
   */
  readonly maxFrameChars?: number | undefined;
};

/** What a model client holds: made once, shared by its calls. */
export interface SdkClient {
  readonly sdk: OpenAI;
  /** `ifMissing` is what to do when the server does not have the endpoint. */
  readonly newContext: (ifMissing?: string) => CallContext;
  readonly maxFrameChars: number | undefined;
  /** What opens the body of one call, and its headers: the client's own settings, overridden by those of agent and run. */
  readonly callWith: (settings: CallSettings | undefined) => CallBase;
  /** Sends a conversation and resolves with the answer whose body is still to be read. */
  readonly post: (path: string, conversation: Conversation, options: PostOptions) => Promise<Response>;
}

interface PostOptions {
  readonly signal: AbortSignal;
  readonly headers: CallBase['headers'];
}

interface CallBase {
  readonly base: { readonly model: string };
  readonly headers: Readonly<Record<string, string | null>> | undefined;
}

/**
 * Throws `config_invalid` when the model is missing, when `parameters` holds one of the `owned` keys, which the client
 * fills in itself, when `check` refuses the parameters, or when the SDK refuses its options.
 */
export function sdkClient<Parameters extends object>(
  options: ModelClientOptions<Parameters>,
  owned: Readonly<Record<string, true>>,
  check: (parameters: object | undefined) => void = () => {},
): SdkClient {
  const { model, parameters, maxFrameChars, ...sdkOptions } = options;
  checkModel(model);
  checkFrameLimit(maxFrameChars);
  refuseOwned(parameters, owned);
  check(parameters);
  const sdk = sdkOptions.client === undefined ? newSdk(sdkOptions) : checkedSdk(sdkOptions.client);
  const redact = redactorFor(sdk);
  const ownBase = { ...parameters, model };
  const history = new SerializedHistory();
  return {
    sdk,
    maxFrameChars,
    newContext: (ifMissing) => ({ redact, requestId: null, ...(ifMissing === undefined ? {} : { ifMissing }) }),
    post: (path, conversation, call) => {
      // An instance that is passed in may inspect the body, as Azure's does for the model.
      const body = sdk instanceof OwnOpenAI ? bodyAfter(history, conversation) : bodyOf(conversation);
      // Not `create`: it serializes through a callback per value, which a long history pays for.
      return sdk.post(path, { body, ...call }).asResponse();
    },
    callWith: (settings) => {
      if (settings?.model === undefined && settings?.parameters === undefined) {
        return { base: ownBase, headers: settings?.headers };
      }
      if (settings.model !== undefined) checkModel(settings.model);
      refuseOwned(settings.parameters, owned);
      check(settings.parameters);
      const base = { ...parameters, ...settings.parameters, model: settings.model ?? model };
      return { base, headers: settings.headers };
    },
  };
}

function checkModel(model: unknown): void {
  if (typeof model === 'string' && model.trim() !== '') return;
  throw new AgentError(
    'config_invalid',
    'No model is given. Pass { model }, such as gpt-4.1; on Azure the deployment.',
  );
}

/** Throws `config_invalid` when the options are missing or not an object, before their members are read. */
export function checkedOptions<Options extends object>(options: Options | undefined): Options {
  if (typeof options === 'object') return options;
  throw new AgentError('config_invalid', 'The model client needs options, such as { model, apiKey }.');
}

function checkFrameLimit(maxFrameChars: number | undefined): void {
  if (maxFrameChars === undefined || (Number.isSafeInteger(maxFrameChars) && maxFrameChars >= 1)) return;
  throw new AgentError('config_invalid', `maxFrameChars is ${maxFrameChars}; it must be a whole number of at least 1.`);
}

/** Checks the shape, since the SDK may be another copy or version. */
function checkedSdk(client: OpenAI): OpenAI {
  if (typeof client?.post === 'function') return client;
  throw new AgentError(
    'config_invalid',
    'client is not an instance of the openai SDK. Pass new OpenAI(...) or new AzureOpenAI(...), or their options.',
  );
}

function refuseOwned(parameters: object | undefined, owned: Readonly<Record<string, true>>): void {
  if (parameters !== undefined && (typeof parameters !== 'object' || Array.isArray(parameters))) {
    throw new AgentError('config_invalid', 'parameters must be an object, such as { temperature: 0 }.');
  }
  const taken = Object.keys(parameters ?? {}).filter((key) => Object.hasOwn(owned, key));
  if (taken.length === 0) return;
  throw new AgentError(
    'config_invalid',
    `parameters cannot hold ${taken.join(', ')}: the client fills that in itself.`,
  );
}

function newSdk(options: ClientOptions): OpenAI {
  const { timeout } = options;
  checkTimeout(timeout);
  const fetch = options.fetch === undefined ? newTransport(timeout) : withOwnHeaders(options.fetch);
  try {
    return new OwnOpenAI({ ...options, fetch: surfaceLongWaits(fetch) });
  } catch (error) {
    // The SDK names options and shows no values, so there is no key to take out.
    const why = error instanceof Error ? error.message : String(error);
    throw new AgentError('config_invalid', `The OpenAI SDK refused its options: ${why}`);
  }
}
