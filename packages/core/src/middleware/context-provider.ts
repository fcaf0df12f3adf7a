// Memory, retrieval, a user's profile: what a run gets before it begins, and what is learned from it afterwards.
import type { Message } from '../message/message.ts';
import { type AgentResponse, isCutShort, ResponseFold } from '../message/response.ts';
import type { ChatUpdate } from '../model/update.ts';
import type { Tool } from '../tools/tool.ts';
import type { Middleware, RunCall } from './middleware.ts';

/** What a run gets in addition. None of it is stored, so the next run gets fresh context. */
export interface ProvidedContext {
  /** Sent after the agent's and the run's own instructions. */
  readonly instructions?: string | undefined;
  /** Sent between the history and the question. */
  readonly messages?: readonly Message[] | undefined;
  /** Offered to the model in addition to the agent's and the run's tools. */
  readonly tools?: readonly Tool[] | undefined;
}

/**
 * Adds messages, instructions or tools to a run, and may learn from its answer. `contextProvider()` makes middleware of
 * it.
 */
export interface ContextProvider {
  /** Called before a run. An error ends the run before anything is sent. */
  provide?(run: RunCall): ProvidedContext | Promise<ProvidedContext>;
  /**
   * Called with the whole answer of a run that has one, before it is stored. Not called for an answer that failed, was
   * cancelled or was cut off. An error fails the run, so catch errors that you can ignore.
   */
  learn?(run: RunCall, response: AgentResponse): void | Promise<void>;
}

/**
 * The provider as middleware: `new Agent({ middleware: [contextProvider(memory)] })`.
 *
 * @example
 * ```ts source="../../../samples/src/examples.ts#today"
 * export const today: Middleware = contextProvider({
 *   provide: () => ({ instructions: `Today is ${new Date().toDateString()}.` }),
 * });
 * ```
 */
export function contextProvider(provider: ContextProvider): Middleware {
  return {
    async *run(call, next): AsyncGenerator<ChatUpdate, undefined> {
      const provided = (await provider.provide?.(call)) ?? {};
      const run = withContext(call, provided);
      const fold = provider.learn === undefined ? null : new ResponseFold();
      for await (const update of next(run)) {
        fold?.add(update);
        yield update;
      }
      if (fold !== null && !isCutShort(fold.finishReason)) await provider.learn?.(run, fold.build('completed'));
    },
  };
}

function withContext(call: RunCall, { instructions, messages, tools }: ProvidedContext): RunCall {
  return {
    ...call,
    instructions: joinInstructions(call.instructions, instructions ?? null),
    context: [...call.context, ...(messages ?? [])],
    tools: [...call.tools, ...(tools ?? [])],
  };
}

/** Joined with newlines, as in Microsoft Agent Framework. */
export function joinInstructions(first: string | null, second: string | null): string | null {
  if (first === null || second === null) return first ?? second;
  return `${first}\n${second}`;
}
