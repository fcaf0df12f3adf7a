// What an agent is made with, and what a caller may say about one run.
import type { StandardSchema } from './checked/standard-schema.ts';
import type { History } from './history/source.ts';
import type { Instructions } from './middleware/instructions.ts';
import type { Middleware } from './middleware/middleware.ts';
import type { ChatClient } from './model/chat-client.ts';
import type { ToolChoice } from './model/request.ts';
import type { CallSettings } from './model/settings.ts';
import type { Limits } from './run/limits.ts';
import type { OnIncomplete } from './run/plan.ts';
import type { AgentSession } from './session/session.ts';
import type { OnToolError } from './tools/run-calls.ts';
import type { Tool } from './tools/tool.ts';

/** Options of an `Agent`. `Parameters` are those of the client's API; unknown ones are a type error. */
export interface AgentOptions<Parameters extends object = object> extends CallSettings<NoInfer<Parameters>> {
  /** The model. */
  readonly client: ChatClient<Parameters>;
  /** Sent with every model call, never stored: the next run uses a changed value. A function is called for each run. */
  readonly instructions?: Instructions | undefined;
  /** Signs the agent's messages and updates. */
  readonly name?: string | undefined;
  /** What the model may call. */
  readonly tools?: readonly Tool[] | undefined;
  /** Gets the error that a tool threw. The model and the history only get the fact that it failed. */
  readonly onToolError?: OnToolError | undefined;
  /**
   * Where conversations are stored: a provider, a window on one, or the service. By default each session stores its
   * own.
   */
  readonly history?: History | undefined;
  /** Limits of each run: time to the first update, silence, total time, bytes. */
  readonly limits?: Limits | undefined;
  /** What an interrupted turn leaves in the history: nothing (`discard`, the default) or the part that was delivered. */
  readonly onIncomplete?: OnIncomplete | undefined;
  /** Wraps runs, model calls and tool calls. The first one is the outermost. */
  readonly middleware?: readonly Middleware[] | undefined;
}

/** Options of `run`, `runStreaming` and `runInBackground`. */
export interface RunOptions<Value = never, Parameters extends object = object> extends CallSettings<Parameters> {
  /** The conversation this run belongs to. Without one, the run neither reads nor stores turns. */
  readonly session?: AgentSession | undefined;
  /** Aborting it ends the run with the signal's own reason. */
  readonly signal?: AbortSignal | undefined;
  /** Added after the agent's own, for this run only. */
  readonly instructions?: string | undefined;
  /** Added to the agent's, for this run only. */
  readonly tools?: readonly Tool[] | undefined;
  /**
   * `auto` by default. A choice that forces a call applies to the run's first model call only. With `none`, calls that
   * the model still makes are dropped.
   */
  readonly toolChoice?: ToolChoice | undefined;
  /** The shape of the answer; `response.value` is then of its type. */
  readonly output?: StandardSchema<Value> | undefined;
  /** Override the agent's limits, member by member. In the background only the limits of tools apply. */
  readonly limits?: Limits | undefined;
  /** Overrides the agent's `onIncomplete`. */
  readonly onIncomplete?: OnIncomplete | undefined;
  /** Runs inside the agent's middleware, for this run only. */
  readonly middleware?: readonly Middleware[] | undefined;
}

/** Options of `runInBackground`. */
export interface BackgroundOptions<Value = never, Parameters extends object = object>
  extends RunOptions<Value, Parameters> {
  /** Asks the service to store the events, which `run.updates()` needs. Without it, the run can only be polled. */
  readonly stream?: boolean | undefined;
}
