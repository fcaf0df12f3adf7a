// The page's settings for one turn: sent in a header, and available wherever the turn runs.
import { AsyncLocalStorage } from 'node:async_hooks';
import { type Fault, isFault } from '../model/faults.ts';

export type Api = 'responses' | 'chat_completions';

export interface Turn {
  /** The key for the page's later query of what the model saw. */
  readonly id: string;
  readonly fault: Fault;
  readonly api: Api;
  readonly model: 'demo' | 'live';
  /** Leaks the last message of another conversation: the bug that the proof has to find. */
  readonly isLeaky: boolean;
}

export const TURN_HEADER = 'x-lab-turn';

/** A turn from outside the page, for example from curl. */
const PLAIN: Turn = { id: 'none', fault: 'none', api: 'responses', model: 'demo', isLeaky: false };

const current = new AsyncLocalStorage<Turn>();
/** For background runs: workers find their settings by the question, because there is no request when they start. */
const questions = new Map<string, Turn>();

export function duringTurn<T>(turn: Turn, work: () => T): T {
  return current.run(turn, work);
}

export function currentTurn(): Turn {
  return current.getStore() ?? PLAIN;
}

export function rememberForWorker(question: string, turn: Turn): void {
  questions.set(question, turn);
}

export function turnOfQuestion(question: string): Turn {
  const turn = questions.get(question) ?? PLAIN;
  questions.delete(question);
  return turn;
}

/** Reads the header; anything unknown is a plain turn. */
export function parseTurn(header: unknown): Turn {
  if (typeof header !== 'string') return PLAIN;
  const [id = '', fault, api, model, bug] = header.split(' ');
  if (!/^[\w-]{1,64}$/.test(id) || !isFault(fault)) return PLAIN;
  return {
    id,
    fault,
    api: api === 'chat_completions' ? api : 'responses',
    model: model === 'live' ? model : 'demo',
    isLeaky: bug === 'leak',
  };
}
