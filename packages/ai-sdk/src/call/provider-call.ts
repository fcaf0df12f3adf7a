// One model call through a provider: a stream of its parts, or its whole answer.
import type {
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamPart,
  LanguageModelV4StreamResult,
} from '@ai-sdk/provider';
import { AgentError } from '@turnstream/core';
import { type ChatUpdate, ServiceCall, type ServiceCallPlan, takeHeaders } from '@turnstream/core/seams';
import type { AnswerDecoder } from '../answer/decoder.ts';
import { brokenStream, providerError } from '../provider-error.ts';

export type Opened =
  | { readonly parts: LanguageModelV4StreamResult; readonly whole?: undefined }
  | { readonly parts?: undefined; readonly whole: LanguageModelV4GenerateResult };

export interface ProviderCallPlan extends ServiceCallPlan {
  /** Sends the request. Called at the first pull; the signal closes the connection whenever it is aborted. */
  readonly open: (signal: AbortSignal) => Promise<Opened>;
  readonly answer: AnswerDecoder;
}

export class ProviderCall extends ServiceCall<ChatUpdate, LanguageModelV4StreamPart, ProviderCallPlan> {
  protected async send(closing: AbortSignal): Promise<void> {
    const { open, answer, context } = this.plan;
    const { parts, whole } = await open(closing);
    takeHeaders(context, new Headers(parts?.response?.headers ?? whole?.response?.headers));
    if (parts !== undefined) {
      this.reader = parts.stream.getReader();
      // The caller left in the meantime, and this provider ignored its signal.
      if (!this.isOpen) return this.close();
      refusePage(parts);
      return this.read();
    }
    if (!this.isOpen) return;
    answer.takeWhole(whole, this.queue);
    this.finish();
  }

  protected sendError(error: unknown): AgentError {
    return providerError(error, this.plan.context);
  }

  protected receive(part: LanguageModelV4StreamPart): void {
    const { answer } = this.plan;
    answer.take(part, this.queue);
    if (answer.isFinished) this.finish();
  }

  /** Without proof that the answer is whole, also when nothing was lost. */
  protected bodyOver(error?: unknown): void {
    this.fail(brokenStream(error, this.plan.context));
  }
}

/** Providers find no event in an HTML page and would report a truncated answer. */
function refusePage({ response }: LanguageModelV4StreamResult): void {
  const type = new Headers(response?.headers).get('content-type') ?? '';
  if (!type.includes('text/html')) return;
  throw new AgentError(
    'not_a_stream',
    "The service answered with text/html, which is not a model's answer. Check the provider's base URL.",
  );
}
