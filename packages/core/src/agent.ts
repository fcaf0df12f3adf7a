// The agent: instructions and a model, and the verbs that run them.
import type { AgentOptions, BackgroundOptions, RunOptions } from './agent-options.ts';
import { type BackgroundPlan, BackgroundProgress } from './background/progress.ts';
import { BackgroundRun } from './background/run.ts';
import { parseToken } from './background/token.ts';
import { type AgentInput, toMessages } from './checked/input.ts';
import { AgentError } from './errors.ts';
import { type OpenHistory, openHistory } from './history/source.ts';
import type { Message } from './message/message.ts';
import type { AgentResponse } from './message/response.ts';
import { joinInstructions } from './middleware/context-provider.ts';
import { type Instructions, instructionsFrom } from './middleware/instructions.ts';
import type { Middleware } from './middleware/middleware.ts';
import type { ChatClient } from './model/chat-client.ts';
import { type CallSettings, mergeSettings } from './model/settings.ts';
import { checkAgentOptions, checkChoice, checkRunOptions } from './run/caller-options.ts';
import { DEFAULT_LIMITS, type RunLimits, withLimits } from './run/limits.ts';
import type { OnIncomplete, RunPlan } from './run/plan.ts';
import { ResponseStream } from './run/response-stream.ts';
import { type RewindOptions, readTranscript, rewindSession } from './run/rewind.ts';
import { Run } from './run/run.ts';
import { optionalSession, requiredSession } from './session/given.ts';
import { AgentSession, type SessionOptions } from './session/session.ts';
import { type AgentToolOptions, agentTool } from './tools/agent-tool.ts';
import type { OnToolError } from './tools/run-calls.ts';
import { mergeTools, type Tool } from './tools/tool.ts';

/**
 * A model client with instructions and tools. It holds no conversation: pass a session to each run.
 *
 * @example
 * ```ts source="../../samples/src/examples.ts#shopAgent"
 * export function shopAgent(client: ChatClient): Agent {
 *   return new Agent({ client, instructions: 'You are the chat of a small shop. Be concise.', tools: [orderStatus] });
 * }
 * ```
 */
export class Agent<Parameters extends object = object> {
  /** May be changed at any time; the next run sends the new ones. */
  instructions: Instructions | null;
  /** Signs messages and updates; null when it has none. */
  readonly name: string | null;
  readonly #client: ChatClient<Parameters>;
  readonly #settings: CallSettings<Parameters>;
  readonly #tools: readonly Tool[];
  readonly #onToolError: OnToolError | null;
  readonly #history: OpenHistory;
  readonly #limits: RunLimits;
  readonly #onIncomplete: OnIncomplete;
  readonly #middleware: readonly Middleware[];

  /** Throws `config_invalid` for options that cannot work together. */
  constructor(options: AgentOptions<Parameters>) {
    checkAgentOptions(options);
    this.#client = options.client;
    this.#settings = mergeSettings<Parameters>({}, options);
    this.instructions = options.instructions ?? null;
    this.name = options.name ?? null;
    this.#tools = [...mergeTools(options.tools ?? [], []).values()];
    this.#onToolError = options.onToolError ?? null;
    this.#history = openHistory(options.history);
    this.#limits = withLimits(DEFAULT_LIMITS, options.limits);
    this.#onIncomplete = options.onIncomplete ?? 'discard';
    this.#middleware = options.middleware ?? [];
    if (this.#history === 'service' && options.client.serviceHistory !== true) {
      throw new AgentError(
        'config_invalid',
        "history: 'service' needs a client whose service keeps conversations, such as OpenAIResponsesClient.",
      );
    }
    this.#refuseKeepAtService(this.#onIncomplete);
  }

  /** Whether the client's API supports `runInBackground`. */
  get worksInBackground(): boolean {
    return this.#client.background !== undefined;
  }

  /**
   * Creates a conversation, or a handle to an existing one by its id. Sends no request.
   *
   * @example
   * ```ts source="../../samples/src/examples.ts#ageOf"
   * export async function ageOf(agent: Agent, topic: string): Promise<string> {
   *   const session = agent.createSession();
   *   await agent.run(`What is ${topic}?`, { session });
   *   const { text } = await agent.run('How old is it? Answer with a year only.', { session });
   *   return text;
   * }
   * ```
   */
  createSession(options: SessionOptions = {}): AgentSession {
    return new AgentSession(options);
  }

  /**
   * Asks a question and resolves with the whole answer. Rejects with an `AgentError` or the signal's reason.
   *
   * @example
   * ```ts source="../../samples/src/examples.ts#capitalOf"
   * export async function capitalOf(agent: Agent, country: string): Promise<string> {
   *   const { text } = await agent.run(`What is the capital of ${country}?`);
   *   return text;
   * }
   * ```
   */
  async run<Value = never>(
    input: AgentInput,
    options: RunOptions<Value, Parameters> = {},
  ): Promise<AgentResponse<Value>> {
    const run = new Run(this.#plan(toMessages(input), options, false));
    while ((await run.next()).done !== true);
    return run.final;
  }

  /**
   * Asks a question and streams the answer. Nothing is sent before the first pull.
   *
   * @example
   * ```ts source="../../samples/src/examples.ts#printAnswer"
   * export async function printAnswer(agent: Agent, question: string, session: AgentSession): Promise<void> {
   *   for await (const update of agent.runStreaming(question, { session })) process.stdout.write(update.text);
   * }
   * ```
   */
  runStreaming<Value = never>(input: AgentInput, options: RunOptions<Value, Parameters> = {}): ResponseStream<Value> {
    return new ResponseStream(new Run(this.#plan(toMessages(input), options, true)));
  }

  /**
   * Starts a run that the service executes without an open connection. The signal and the session are needed for the
   * start only. Rejects with `background_unsupported`, before anything is sent, if the client's API has no such mode.
   *
   * @example
   * ```ts source="../../samples/src/examples.ts#writeReport"
   * export async function writeReport(agent: Agent, topic: string, save: (token: string) => void): Promise<string> {
   *   const run = await agent.runInBackground(`Write a report on ${topic}.`);
   *   save(JSON.stringify(run)); // another process continues with agent.resumeBackground(JSON.parse(token))
   *   const { text } = await run.wait({ timeoutMs: 60_000 });
   *   return text;
   * }
   * ```
   */
  async runInBackground<Value = never>(
    input: AgentInput,
    options: BackgroundOptions<Value, Parameters> = {},
  ): Promise<BackgroundRun<Value>> {
    const plan = this.#backgroundPlan(toMessages(input), options);
    const progress = new BackgroundProgress(plan, null);
    await progress.start();
    return new BackgroundRun(plan, progress);
  }

  /**
   * Resumes a background run from its token, in this process or another, with the session it belongs to. Sends nothing.
   * Throws `token_invalid` for anything but a token, and `history_mismatch` for a different session.
   */
  resumeBackground<Value = never>(json: unknown, options: RunOptions<Value, Parameters> = {}): BackgroundRun<Value> {
    const token = parseToken(json);
    const given = options.session?.sessionId ?? null;
    if (token.sessionId !== given) {
      throw new AgentError(
        'history_mismatch',
        `The run belongs to ${token.sessionId === null ? 'no session' : `session ${token.sessionId}`}, but ${given ?? 'none'} was given.`,
      );
    }
    const plan = this.#backgroundPlan([], { ...options, stream: token.stream });
    return new BackgroundRun(plan, new BackgroundProgress(plan, token));
  }

  /**
   * The stored turns of a session, oldest first, wherever the agent keeps its history. Rejects with `history_mismatch`
   * when the service keeps the history, because it does not return stored turns.
   */
  async transcript(session: AgentSession): Promise<readonly (readonly Message[])[]> {
    return readTranscript(requiredSession(session), this.#history);
  }

  /**
   * Removes the last turn of a session, or all turns after the first `toTurn`, in one step. Resolves with the removed
   * turns, so that a question can be asked again. Rejects with `session_busy` while a run is using the session,
   * `history_conflict` when the history was changed in the meantime, `input_invalid` when there is no such turn, and
   * `history_mismatch` when the service keeps the history.
   */
  async rewind(session: AgentSession, options: RewindOptions = {}): Promise<readonly (readonly Message[])[]> {
    return rewindSession(requiredSession(session), this.#history, options);
  }

  /** This agent as a tool of another one. Throws `config_invalid` when neither it nor `options.name` names the tool. */
  asTool(options: AgentToolOptions): Tool<{ readonly task: string }> {
    return agentTool(this, options);
  }

  #backgroundPlan<Value>(
    question: readonly Message[],
    options: BackgroundOptions<Value, Parameters>,
  ): BackgroundPlan<Value> {
    const { background } = this.#client;
    if (background === undefined) {
      throw new AgentError(
        'background_unsupported',
        'This client cannot work in the background. Use one that can, such as OpenAIResponsesClient.',
      );
    }
    return { ...this.#plan(question, options, options.stream ?? false), background };
  }

  #plan<Value>(question: readonly Message[], options: RunOptions<Value, Parameters>, stream: boolean): RunPlan<Value> {
    checkRunOptions(options);
    const tools = mergeTools(this.#tools, options.tools ?? []);
    const onIncomplete = options.onIncomplete ?? this.#onIncomplete;
    this.#refuseKeepAtService(onIncomplete);
    return {
      client: this.#client,
      settings: mergeSettings<object>(this.#settings, options),
      stream,
      name: this.name,
      instructions: joinInstructions(
        typeof this.instructions === 'string' ? this.instructions : null,
        options.instructions ?? null,
      ),
      question,
      session: optionalSession(options.session),
      history: this.#history,
      tools,
      toolChoice: checkChoice(options.toolChoice ?? 'auto', tools),
      onToolError: this.#onToolError,
      output: options.output ?? null,
      limits: withLimits(this.#limits, options.limits),
      onIncomplete,
      signal: options.signal ?? null,
      middleware: this.#middlewareWith(options.middleware ?? []),
    };
  }

  #middlewareWith(ofRun: readonly Middleware[]): readonly Middleware[] {
    const all = this.#middleware.concat(ofRun);
    return typeof this.instructions === 'function' ? [instructionsFrom(this.instructions), ...all] : all;
  }

  #refuseKeepAtService(onIncomplete: OnIncomplete): void {
    if (onIncomplete === 'discard' || this.#history !== 'service') return;
    throw new AgentError(
      'config_invalid',
      "onIncomplete: 'keep' needs a history on our side; the service keeps whole answers only.",
    );
  }
}
