// The agent: instructions and a model, and the verbs that run them.
import type { ChatClient } from './chat-client.ts';
import { AgentError } from './errors.ts';
import { InSessionHistory } from './in-session-history.ts';
import { type AgentInput, toMessages } from './input.ts';
import { checkLimits, type Limits } from './limits.ts';
import type { AgentResponse } from './response.ts';
import { ResponseStream } from './response-stream.ts';
import { type OnIncomplete, Run, type RunPlan } from './run.ts';
import { AgentSession, type SessionOptions } from './session.ts';
import type { History } from './turn.ts';

export interface AgentOptions {
  readonly client: ChatClient;
  /** Sent with every model call and stored nowhere, so a change takes effect at once. */
  readonly instructions?: string;
  /** Signs the agent's messages and updates. */
  readonly name?: string;
  /** Who keeps conversations: a provider, or the service. Left out, each session keeps its own. */
  readonly history?: History;
  readonly limits?: Limits;
  /** What an interrupted turn leaves in the history: nothing (`discard`, the default) or the part that was delivered. */
  readonly onIncomplete?: OnIncomplete;
}

/** The same for every verb. */
export interface RunOptions {
  /** The conversation this run belongs to; without one the run stands alone. */
  readonly session?: AgentSession;
  /** Aborting it ends the run with the signal's own reason. */
  readonly signal?: AbortSignal;
  /** Added after the agent's own, for this run only. */
  readonly instructions?: string;
  /** Override the agent's, one by one. */
  readonly limits?: Limits;
  readonly onIncomplete?: OnIncomplete;
}

const inSession = new InSessionHistory();

/** Answers questions. Holds no conversation: that is the session's. */
export class Agent {
  /** May be changed at any time; the next model call sends the new ones. */
  instructions: string | null;
  readonly name: string | null;
  readonly #client: ChatClient;
  readonly #history: History;
  readonly #limits: Limits;
  readonly #onIncomplete: OnIncomplete;

  /** Throws `config_invalid` for options that cannot work together. */
  constructor(options: AgentOptions) {
    this.#client = options.client;
    this.instructions = options.instructions ?? null;
    this.name = options.name ?? null;
    this.#history = options.history ?? inSession;
    this.#limits = checkLimits(options.limits ?? {});
    this.#onIncomplete = options.onIncomplete ?? 'discard';
    if (this.#history === 'service' && options.client.serviceHistory !== true) {
      throw new AgentError(
        'config_invalid',
        "history: 'service' needs a client whose service keeps conversations, such as OpenAIResponsesClient.",
      );
    }
    this.#refuseKeepAtService(this.#onIncomplete);
  }

  /** A new conversation, or a handle to an existing one by its id. Makes no request. */
  createSession(options: SessionOptions = {}): AgentSession {
    return new AgentSession(options);
  }

  /** One question, one whole answer, over a non-streaming request. Rejects with `AgentError` or the signal's reason. */
  async run(input: AgentInput, options: RunOptions = {}): Promise<AgentResponse> {
    const run = new Run(this.#plan(input, options, false));
    while ((await run.next()).done !== true);
    return run.final;
  }

  /** The same, as updates while they come. Nothing is sent before the first pull. */
  runStreaming(input: AgentInput, options: RunOptions = {}): ResponseStream {
    return new ResponseStream(new Run(this.#plan(input, options, true)));
  }

  #plan(input: AgentInput, options: RunOptions, stream: boolean): RunPlan {
    const onIncomplete = options.onIncomplete ?? this.#onIncomplete;
    this.#refuseKeepAtService(onIncomplete);
    return {
      client: this.#client,
      stream,
      name: this.name,
      instructions: joined(this.instructions, options.instructions ?? null),
      question: toMessages(input),
      session: options.session ?? null,
      history: this.#history,
      limits: options.limits === undefined ? this.#limits : { ...this.#limits, ...checkLimits(options.limits) },
      onIncomplete,
      signal: options.signal ?? null,
    };
  }

  #refuseKeepAtService(onIncomplete: OnIncomplete): void {
    if (onIncomplete === 'discard' || this.#history !== 'service') return;
    throw new AgentError(
      'config_invalid',
      "onIncomplete: 'keep' needs a history on our side; the service keeps whole answers only.",
    );
  }
}

/** The agent's instructions, then the run's, as MAF joins them. */
function joined(agent: string | null, run: string | null): string | null {
  if (agent === null || run === null) return agent ?? run;
  return `${agent}\n${run}`;
}
