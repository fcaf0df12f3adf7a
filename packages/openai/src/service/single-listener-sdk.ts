// The SDK as it is, except for how a request hears its caller's signal: by one listener.
import { OpenAI } from 'openai';

/**
 * The SDK itself makes one signal of its own and the caller's. Node keeps what hangs on such a signal through every
 * quick garbage collection, and that costs a call more than all that an agent adds to it.
 */
export class SingleListenerOpenAI extends OpenAI {
  override fetchWithTimeout(
    ...[url, init, timeoutMs, controller]: Parameters<OpenAI['fetchWithTimeout']>
  ): ReturnType<OpenAI['fetchWithTimeout']> {
    const { signal, ...rest } = init ?? {};
    if (signal?.aborted === true) controller.abort();
    signal?.addEventListener('abort', () => controller.abort(), { once: true });
    return super.fetchWithTimeout(url, rest, timeoutMs, controller);
  }
}
