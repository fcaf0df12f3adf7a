// One turn as one record of JSON text, the same in every store: whole, versioned, checked on the way in and out.
import { AgentError, type Message } from '@turnstream/core';
import { json, quotedId, storableTurn, storedTurn } from '@turnstream/core/seams';

/** Far above any turn a model reads, far below what the stores hold in one value. */
const MAX_LENGTH = 16 * 1024 * 1024;
/** As deep as core lets a turn nest, and the two levels of the record around it. */
const MAX_DEPTH = 66;

/** The start of a record; the turn number and `encodeMessages` follow. A store joins them once it knows the number. */
export const RECORD_START = '{"format":1,"turn":';
/** The longest that the start of a record can be, with its number and version. */
const LONGEST_START = 64;

const storedRecord = json.object({ format: json.oneOf(1), turn: json.countFrom(1), messages: storedTurn });

/**
 * What follows the number in the record of a turn. JSON escapes U+0000 and lone surrogates, so the text is valid
 * everywhere, even where those characters are not, as in `text` of Postgres. Throws `input_invalid` for a turn that no
 * store could return.
 */
export function encodeMessages(messages: readonly Message[]): string {
  const end = `,"messages":${JSON.stringify(storableTurn(messages))}}`;
  const most = MAX_LENGTH - LONGEST_START;
  if (end.length <= most) return end;
  throw new AgentError(
    'input_invalid',
    `The turn cannot be stored: its JSON has ${end.length} characters, the maximum is ${most}.`,
  );
}

/**
 * The turn that is stored as number `turn`; the first is 1. Throws `history_corrupt` for everything else. Members that this
 * version does not know stay as they are.
 */
function decodeTurn(record: string, sessionId: string, turn: number): readonly Message[] {
  const where = `record ${turn} of session ${quotedId(sessionId)}`;
  const { turn: number, messages } = readRecord(record, storedRecord, where);
  if (number !== turn) throw corrupt(where, 'claims to be a different turn');
  return messages;
}

/**
 * The turns of a history from its last records, in order. Throws `history_corrupt` unless there are as many as were
 * asked for: a missing turn is never skipped.
 */
export function decodeTurns(
  records: readonly string[],
  { sessionId, turnCount, lastTurns = turnCount }: Asked,
): readonly (readonly Message[])[] {
  const wanted = Math.min(lastTurns, turnCount);
  if (records.length !== wanted)
    throw corrupt(`session ${quotedId(sessionId)}`, `holds ${records.length} of ${wanted} records`);
  return records.map((record, index) => decodeTurn(record, sessionId, turnCount - wanted + index + 1));
}

interface Asked {
  readonly sessionId: string;
  /** How many turns the history holds. */
  readonly turnCount: number;
  readonly lastTurns?: number | undefined;
}

/** The error of stored data that cannot be read. */
export function corrupt(where: string, problem: string): AgentError {
  return new AgentError('history_corrupt', `The stored history cannot be read: ${where} ${problem}.`);
}

/** Parses a record with the reader. */
export function readRecord<T>(record: string, reader: json.Reader<T>, where: string): T {
  if (record.length > MAX_LENGTH) throw corrupt(where, `has ${record.length} characters, over ${MAX_LENGTH}`);
  const refuse = (problem: string): AgentError => corrupt(`${where}:`, problem);
  const value = json.parse(record, refuse);
  if (isDeeperThan(value, MAX_DEPTH)) throw corrupt(where, `is nested deeper than ${MAX_DEPTH} levels`);
  return json.read(value, reader, refuse);
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  if (Array.isArray(value)) return value.some((item) => isDeeperThan(item, levels - 1));
  // Every record of a history passes here; `Object.values` would make a list for each object in it.
  const members = value as Record<string, unknown>;
  for (const name in members) if (Object.hasOwn(members, name) && isDeeperThan(members[name], levels - 1)) return true;
  return false;
}
