// What the routes share: the agent, what is kept, who has a place, and whether the server goes away.
import { Agent, AgentError, type HistoryProvider, type Limits, type Tool } from '@turnstream/core';
import { InspectedRuns } from '../inspect/background.ts';
import { InspectedHistory, inspectedClient } from '../inspect/seams.ts';
import {
  type AgentServerOptions,
  type Ceilings,
  DEFAULT_CEILINGS,
  DEFAULT_INPUT,
  DEFAULT_PROTOCOL_INPUT,
  type InputLimits,
  type MessageRoute,
} from '../options.ts';
import { DEFAULT_GUARDS } from '../sse/defaults.ts';
import type { ServerStore } from '../store/run-store.ts';
import type { StateLog } from '../store/state-changes.ts';
import { approvalsOf } from './approvals.ts';
import { Endings } from './endings.ts';
import { OfferedTools } from './offered-tools.ts';
import { type ApprovalsIn, OwnedHistory } from './owned-history.ts';
import { RebasingHistory } from './rebasing-history.ts';
import { type ServedTools, servedTools } from './runnable-tools.ts';
import { SessionsInUse } from './sessions-in-use.ts';
import { Slots } from './slots.ts';

const TAKES_CONVERSATION: ReadonlySet<MessageRoute> = new Set([
  '/agui',
  '/chat/ui',
  '/message:send',
  '/message:stream',
  '/v1/chat/completions',
  '/v1/responses',
]);

export class ServerContext {
  readonly agent: Agent;
  readonly store: ServerStore;
  /** The history of the agent's chats. */
  readonly chats: OwnedHistory;
  readonly guards: Limits;
  readonly ceilings: Ceilings;
  readonly slots: Slots;
  /** Null when nothing is inspected. */
  readonly inspectedRuns: InspectedRuns | null;
  readonly sessionsInUse: SessionsInUse = new SessionsInUse();
  readonly #options: AgentServerOptions;
  readonly #tools: ServedTools;
  readonly #offered: OfferedTools;
  readonly #stopping = new AbortController();
  /** Of what stops when the server goes away. */
  readonly endings: Endings = new Endings(this.#stopping.signal);

  constructor(options: AgentServerOptions, log: StateLog) {
    this.#options = options;
    this.#tools = servedTools(options);
    this.inspectedRuns = options.inspect === true ? new InspectedRuns() : null;
    this.store = options.store;
    this.guards = { ...DEFAULT_GUARDS, ...options.guards };
    this.ceilings = { ...DEFAULT_CEILINGS, ...options.ceilings };
    const { approvalMs } = this.ceilings;
    this.#offered = new OfferedTools(this.#tools.runnable);
    const approvalsIn: ApprovalsIn = (turn, session) => approvalsOf(turn, this.#offered.of(session), approvalMs);
    this.chats = new OwnedHistory(options.store, approvalsIn, log);
    this.agent = this.agentWith(new RebasingHistory(this.chats));
    this.slots = new Slots(this.ceilings);
  }

  /** The same agent over a history of its own. */
  agentWith(provider: HistoryProvider): Agent {
    const { history, middleware = [], ...given } = this.#options.agent;
    const members = { ...given, tools: this.#tools.runnable };
    // Without middleware every run has the agent's tools.
    const agent = middleware.length === 0 ? members : { ...members, middleware: [...middleware, this.#offered] };
    if (this.inspectedRuns === null) return new Agent({ ...agent, history: { ...history, provider } });
    const client = inspectedClient(agent.client);
    return new Agent({ ...agent, client, history: { ...history, provider: new InspectedHistory(provider) } });
  }

  /** Of the agent's own tools. */
  get toolNames(): readonly string[] {
    return (this.#options.agent.tools ?? []).map(({ name }) => name);
  }

  /** The agent's tools without `execute`, for a run whose client can run them. */
  get clientTools(): readonly Tool[] {
    return this.#tools.client;
  }

  /** Whether the agent's tool of this name runs here. */
  runsTool(name: string): boolean {
    return this.#tools.runnable.some((each) => each.name === name);
  }

  inputLimits(route: MessageRoute): InputLimits {
    const defaults = TAKES_CONVERSATION.has(route) ? DEFAULT_PROTOCOL_INPUT : DEFAULT_INPUT;
    return { ...defaults, ...this.#options.input?.[route] };
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
