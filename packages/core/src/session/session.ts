// The handle to one conversation: an id, the service's id, and state. It holds no instructions and no tools.

import * as json from '../checked/json.ts';
import { copyJson, kindOf } from '../checked/json-value.ts';
import { AgentError } from '../errors.ts';

/** The key under which a history stores a conversation. An `AgentSession` is one. */
export interface SessionKey {
  readonly sessionId: string;
}

/** The stored form of a session. */
export interface AgentSessionJson {
  readonly type: 'agent_session';
  readonly version: 1;
  readonly sessionId: string;
  readonly serviceSessionId: string | null;
  readonly state: Record<string, unknown>;
}

export interface SessionOptions {
  /** Binds to an existing conversation of a history provider; a new UUID when left out. */
  readonly sessionId?: string | undefined;
  /** Binds to a conversation that the service keeps (`resp_…` or `conv_…`). */
  readonly serviceSessionId?: string | undefined;
}

/**
 * One conversation. Create it once and pass it to every run that belongs to it; with a new session for each turn, every
 * turn is the first one. A session has one run at a time: a second one is refused with `session_busy`.
 *
 * @example
 * ```ts source="../../../samples/src/examples.ts#ageOf"
 * export async function ageOf(agent: Agent, topic: string): Promise<string> {
 *   const session = agent.createSession();
 *   await agent.run(`What is ${topic}?`, { session });
 *   const { text } = await agent.run('How old is it? Answer with a year only.', { session });
 *   return text;
 * }
 * ```
 */
export class AgentSession implements SessionKey {
  /** The service's id of the conversation; null until a run with `history: 'service'` has succeeded. */
  serviceSessionId: string | null;
  /** JSON data that is serialized with the session. Without a history provider it contains the messages. */
  readonly state: Record<string, unknown> = {};
  #sessionId: string | null;

  constructor(options: SessionOptions = {}) {
    if (typeof options !== 'object' || options === null) {
      throw new AgentError(
        'session_invalid',
        `The options of a session are ${kindOf(options)}. Pass an object such as { sessionId }.`,
      );
    }
    this.#sessionId = options.sessionId === undefined ? null : checkedId(options.sessionId, 'sessionId');
    this.serviceSessionId =
      options.serviceSessionId === undefined ? null : checkedId(options.serviceSessionId, 'serviceSessionId');
  }

  /** Made when first asked for: a session that only lives in memory needs none. */
  get sessionId(): string {
    this.#sessionId ??= crypto.randomUUID();
    return this.#sessionId;
  }

  /** A copy as plain JSON data. Throws `session_invalid` if `state` contains a value that JSON cannot represent. */
  toJSON(): AgentSessionJson {
    const state = copyJson(this.state, 'session.state', (problem) => new AgentError('session_invalid', `${problem}.`));
    return {
      type: 'agent_session',
      version: 1,
      sessionId: this.sessionId,
      serviceSessionId: this.serviceSessionId,
      state: state as Record<string, unknown>,
    };
  }

  /**
   * The session that `toJSON` wrote. Throws `session_invalid` for anything that is not exactly one.
   *
   * @example
   * ```ts source="../../../samples/src/examples.ts#inAnotherProcess"
   * export async function inAnotherProcess(agent: Agent, stored: string, question: string): Promise<string> {
   *   const session = AgentSession.fromJSON(JSON.parse(stored)); // stored with JSON.stringify(session)
   *   const { text } = await agent.run(question, { session });
   *   return text;
   * }
   * ```
   */
  static fromJSON(stored: unknown): AgentSession {
    const { sessionId, serviceSessionId, state } = json.read(stored, sessionJson, invalid);
    const session = new AgentSession({ sessionId, ...(serviceSessionId === null ? {} : { serviceSessionId }) });
    // Assigning a member named `__proto__` would set the prototype, and the session could not be saved again.
    Object.defineProperties(session.state, Object.getOwnPropertyDescriptors(copyJson(state, 'state', invalid)));
    return session;
  }
}

const sessionJson: json.Reader<AgentSessionJson> = json.exactly<AgentSessionJson>({
  type: json.oneOf('agent_session'),
  version: json.oneOf(1),
  sessionId: json.id,
  serviceSessionId: json.nullable(json.id),
  state: json.object({}),
});

function checkedId(given: unknown, name: string): string {
  return json.read(given, json.id, (problem) => new AgentError('session_invalid', `${problem}.`), name);
}

function invalid(problem: string): AgentError {
  return new AgentError('session_invalid', `Not a stored session: ${problem}. Pass what session.toJSON() returned.`);
}

/** A session id as error messages show it: escaped, and cut where it could fill a log. */
export function quotedId(sessionId: string): string {
  return JSON.stringify(sessionId.length > 100 ? `${sessionId.slice(0, 100)}…` : sessionId);
}
