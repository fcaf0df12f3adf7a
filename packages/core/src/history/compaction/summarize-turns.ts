// A summary in place of the older turns, written by a model and kept with the session.
import * as json from '../../checked/json.ts';
import { AgentError } from '../../errors.ts';
import type { Message } from '../../message/message.ts';
import type { AgentSession } from '../../session/session.ts';
import { type Compact, turnsOf } from './compaction.ts';

/** Options of `summarizeTurns`. */
export interface SummaryOptions {
  /** Writes a summary of the messages, usually by asking an agent. `earlier` is the summary so far, or null. */
  readonly summarize: (messages: readonly Message[], earlier: string | null) => Promise<string>;
  /** How many of the last turns are sent as they are: 6 when left out. */
  readonly keepTurns?: number | undefined;
  /** How many more turns may accumulate before they are summarized, at the cost of a model call: 6 when left out. */
  readonly batchTurns?: number | undefined;
}

/** Where a session keeps its summary. */
const SUMMARY_KEY = 'historySummary';

interface Summary {
  /** How many turns it covers. */
  readonly turns: number;
  readonly text: string;
}

/**
 * Sends a summary of the older turns, and the last ones as they are. The summary is kept in the session's state and
 * extended, never rewritten, so the summarizing model reads each turn once. After a rewind it is dropped. Needs the
 * whole history: do not combine it with `lastTurns`.
 */
export function summarizeTurns({ summarize, keepTurns = 6, batchTurns = 6 }: SummaryOptions): Compact {
  return async (messages, { session }) => {
    const turns = turnsOf(messages);
    let summary = readSummary(session, turns.length);
    const open = turns.length - (summary?.turns ?? 0);
    if (open > keepTurns + batchTurns) {
      const upTo = turns.length - keepTurns;
      const text = await summarize(turns.slice(summary?.turns ?? 0, upTo).flat(), summary?.text ?? null);
      summary = { turns: upTo, text };
      session.state[SUMMARY_KEY] = summary;
    }
    if (summary === null) return messages;
    return [summaryMessage(summary.text), ...turns.slice(summary.turns).flat()];
  };
}

function readSummary(session: AgentSession, turnCount: number): Summary | null {
  if (!Object.hasOwn(session.state, SUMMARY_KEY)) return null;
  const summary = json.read(session.state[SUMMARY_KEY], stored, invalid, `state.${SUMMARY_KEY}`);
  if (summary.turns <= turnCount) return summary;
  delete session.state[SUMMARY_KEY];
  return null;
}

const stored: json.Reader<Summary> = json.exactly<Summary>({ turns: json.count, text: json.string });

function invalid(problem: string): AgentError {
  return new AgentError('session_invalid', `${problem}. Delete it to have the conversation summarized again.`);
}

function summaryMessage(text: string): Message {
  return { role: 'user', contents: `Summary of the conversation so far:\n${text}` };
}
