// Keeps one server running, and stops it on request: one after another, on the same database.
import type { FastifyInstance } from 'fastify';
import { type AgentApp, type AgentAppOptions, openAgentApp } from './agent-app.ts';

export interface SupervisorOptions extends AgentAppOptions {
  /** A server that was stopped or killed stays down until this resolves. */
  readonly away: () => Promise<unknown>;
}

export class Supervisor implements AsyncDisposable {
  /** Called when the server stops, to break its connections. */
  onAway: () => void = () => {};
  readonly #options: SupervisorOptions;
  #running: AgentApp | null;
  #instructions: string;
  #change: Promise<void> = Promise.resolve();

  private constructor(options: SupervisorOptions, running: AgentApp) {
    this.#options = options;
    this.#instructions = options.instructions;
    this.#running = running;
  }

  static async start(options: SupervisorOptions): Promise<Supervisor> {
    return new Supervisor(options, await openAgentApp(options));
  }

  /** Null while it is down. */
  get app(): FastifyInstance | null {
    return this.#running?.app ?? null;
  }

  get instructions(): string {
    return this.#instructions;
  }

  get guards(): AgentAppOptions['guards'] {
    return this.#options.guards;
  }

  /** For the next server. Instructions belong to the agent, so the sessions do not change. */
  async instruct(instructions: string): Promise<void> {
    this.#instructions = instructions;
    await this.#replace('stop');
  }

  /** Stops or kills the server, and starts another one after a pause. */
  restart(how: 'stop' | 'kill'): Promise<void> {
    return this.#replace(how, this.#options.away);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#change;
    await this.#running?.stop();
  }

  /** One after another: two servers on one database handle would share its transactions. */
  #replace(how: 'stop' | 'kill', away?: () => Promise<unknown>): Promise<void> {
    const change = async (): Promise<void> => {
      const old = this.#running;
      this.#running = null;
      if (away !== undefined) this.onAway();
      await old?.[how]();
      await away?.();
      this.#running = await openAgentApp({ ...this.#options, instructions: this.#instructions });
    };
    this.#change = this.#change.then(change);
    return this.#change;
  }
}
