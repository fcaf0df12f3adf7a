// Instructions that depend on the run, for example on its session's language.
import { kindOf } from '../checked/json-value.ts';
import { AgentError } from '../errors.ts';
import type { ChatUpdate } from '../model/update.ts';
import { joinInstructions } from './context-provider.ts';
import type { Middleware, RunCall } from './middleware.ts';

/** A text, or a function that is called once for each run. */
export type Instructions = string | ((run: RunCall) => string | Promise<string>);

/** Puts what the function returns before the run's own instructions. */
export function instructionsFrom(make: Exclude<Instructions, string>): Middleware {
  return {
    async *run(call, next): AsyncGenerator<ChatUpdate, undefined> {
      const made: unknown = await make(call);
      if (typeof made !== 'string') {
        throw new AgentError(
          'config_invalid',
          `The function for instructions returned ${kindOf(made)}; it must return text.`,
        );
      }
      yield* next({ ...call, instructions: joinInstructions(made, call.instructions) });
    },
  };
}
