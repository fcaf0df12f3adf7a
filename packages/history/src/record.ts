// One turn as one record of JSON text, the same in every store: whole, versioned, checked on the way in and out.
import { AgentError, type Message } from '@turnstream/core';
import { parseTurn, quotedId, storableTurn } from '@turnstream/core/seams';

const FORMAT = 1;
/** Far above any turn a model reads, far below what the stores hold in one value. */
const MAX_LENGTH = 16 * 1024 * 1024;
/** As deep as core lets a turn nest, and the two levels of the record around it. */
const MAX_DEPTH = 66;

/**
 * The record of turn number `turn` (the first is 1). JSON escapes U+0000 and lone surrogates, so the text is valid
 * everywhere, also where the characters are not, as in `text` of Postgres. Throws `input_invalid` for a turn that no
 * store could give back.
 */
export function encodeTurn(messages: readonly Message[], turn: number): string {
  const record = JSON.stringify({ format: FORMAT, turn, messages: storableTurn(messages) });
  if (record.length <= MAX_LENGTH) return record;
  throw new AgentError(
    'input_invalid',
    `Not a storable turn: its JSON has ${record.length} characters, over ${MAX_LENGTH}.`,
  );
}

/**
 * The turn that `encodeTurn` wrote as number `turn`. Throws `history_corrupt` for everything else. Members that this
 * version does not know stay as they are.
 */
function decodeTurn(record: string, sessionId: string, turn: number): readonly Message[] {
  const where = `record ${turn} of session ${quotedId(sessionId)}`;
  const { format, turn: number, messages } = parseRecord(record, where);
  if (format !== FORMAT) throw corrupt(where, `is of a format that this version does not read (it reads ${FORMAT})`);
  if (number !== turn) throw corrupt(where, 'says that it is another turn');
  return parseTurn(messages, `${where}: messages`);
}

/** The number that the last record of a history gives itself: the version it stands at. */
export function turnNumber(record: string, sessionId: string): number {
  const where = `the last record of session ${quotedId(sessionId)}`;
  const { turn } = parseRecord(record, where);
  if (typeof turn === 'number' && Number.isSafeInteger(turn) && turn > 0) return turn;
  throw corrupt(where, 'has no turn number');
}

/**
 * Joins the turns of a history at `version` from its last records, in order. Throws `history_corrupt` unless there are
 * as many as were asked for: a turn that is missing is never passed over.
 */
export function decodeTurns(
  records: readonly string[],
  { sessionId, version, lastTurns = version }: { sessionId: string; version: number; lastTurns?: number | undefined },
): readonly Message[] {
  const wanted = Math.min(lastTurns, version);
  if (records.length !== wanted)
    throw corrupt(`session ${quotedId(sessionId)}`, `holds ${records.length} of ${wanted} records`);
  return records.flatMap((record, index) => decodeTurn(record, sessionId, version - wanted + index + 1));
}

/** The error of stored data that cannot be read. */
export function corrupt(where: string, problem: string): AgentError {
  return new AgentError('history_corrupt', `The stored history cannot be read: ${where} ${problem}.`);
}

function parseRecord(record: string, where: string): Record<string, unknown> {
  if (record.length > MAX_LENGTH) throw corrupt(where, `has ${record.length} characters, over ${MAX_LENGTH}`);
  const value = parseJson(record, where);
  if (isDeeperThan(value, MAX_DEPTH)) throw corrupt(where, `is nested deeper than ${MAX_DEPTH} levels`);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw corrupt(where, 'is not an object');
  // Own members alone: what is missing must not come from a prototype.
  return { __proto__: null, ...value };
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes what it read.
    throw corrupt(where, 'is not JSON');
  }
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((member) => isDeeperThan(member, levels - 1));
}
