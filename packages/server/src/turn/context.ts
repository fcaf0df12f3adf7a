// What the routes share: the agent, what is kept, who has a place, and whether the server goes away.
import { Agent, AgentError, type HistoryProvider, type Limits } from '@turnstream/core';
import {
  type AgentServerOptions,
  type Ceilings,
  DEFAULT_CEILINGS,
  DEFAULT_INPUT,
  type InputLimits,
  type MessageRoute,
} from '../options.ts';
import { DEFAULT_GUARDS } from '../sse/defaults.ts';
import type { ServerStore } from '../store/run-store.ts';
import { OwnedHistory } from './owned-history.ts';
import { RebasingHistory } from './rebasing-history.ts';
import { SessionsInUse } from './sessions-in-use.ts';
import { Slots } from './slots.ts';

export class ServerContext {
  readonly agent: Agent;
  readonly store: ServerStore;
  /** The history of the agent's chats. */
  readonly chats: OwnedHistory;
  readonly guards: Limits;
  readonly ceilings: Ceilings;
  readonly slots: Slots;
  readonly sessionsInUse: SessionsInUse = new SessionsInUse();
  readonly #options: AgentServerOptions;
  readonly #stopping = new AbortController();

  constructor(options: AgentServerOptions) {
    this.#options = options;
    this.store = options.store;
    this.chats = new OwnedHistory(options.store);
    this.agent = this.agentWith(new RebasingHistory(this.chats));
    this.guards = { ...DEFAULT_GUARDS, ...options.guards };
    this.ceilings = { ...DEFAULT_CEILINGS, ...options.ceilings };
    this.slots = new Slots(this.ceilings);
  }

  /** The same agent over a history of its own. */
  agentWith(provider: HistoryProvider): Agent {
    const { history, ...agent } = this.#options.agent;
    return new Agent({ ...agent, history: { ...history, provider } });
  }

  inputLimits(route: MessageRoute): InputLimits {
    return { ...DEFAULT_INPUT, ...this.#options.input?.[route] };
  }

  /** Aborted with `server_stopping` when the server goes away. */
  get stopping(): AbortSignal {
    return this.#stopping.signal;
  }

  stop(): void {
    this.#stopping.abort(
      new AgentError('server_stopping', 'The server is shutting down. Ask again soon.', { retryAfterMs: 2_000 }),
    );
  }
}
