// The agent of one background run, with what the caller of the run declared for it.
import { type Agent, AgentSession, type BackgroundRun, type Message, type RunOptions } from '@turnstream/core';
import type { RunRecord } from '../store/run-record.ts';
import { runOptionsOf } from '../turn/asked-options.ts';

export class RunAgent {
  readonly #agent: Agent;
  readonly #run: RunRecord;
  readonly #asked: RunOptions;

  constructor(agent: Agent, run: RunRecord) {
    this.#agent = agent;
    this.#run = run;
    this.#asked = run.ask === null ? {} : runOptionsOf(run.ask);
  }

  /** The signal ends the starting, not the run. */
  start(
    input: string | readonly Message[],
    { session, signal }: { readonly session: AgentSession; readonly signal: AbortSignal },
  ): Promise<BackgroundRun> {
    return this.#agent.runInBackground(input, { ...this.#asked, session, signal, stream: true });
  }

  /** From the stored token; null when the service does not have the run. */
  resume(session: AgentSession = new AgentSession({ sessionId: this.#run.sessionId })): BackgroundRun | null {
    const { token } = this.#run;
    return token === null ? null : this.#agent.resumeBackground(token, { ...this.#asked, session });
  }
}
