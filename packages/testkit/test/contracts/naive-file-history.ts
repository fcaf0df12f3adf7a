// Histories in one JSON file, as they are often written: read all, add, write all. For the checks with processes.
import { readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { HistoryProvider, Message } from '@turnstream/core';
import { historyConflict, loadedHistory, removesTurns } from '@turnstream/core/seams';

/** The argument is `<how it writes> <file>`. */
export function openHistory(argument: string): HistoryProvider {
  const [how = '', file = ''] = argument.split(' ');
  const write = async (sessionId: string, history: Stored): Promise<void> => {
    const written = writeAll(file, JSON.stringify({ ...readAll(file), [sessionId]: history }));
    if (how !== 'later') await written;
  };
  const read = (sessionId: string): Stored => readAll(file)[sessionId] ?? { turns: [], version: 0 };
  return {
    async load({ sessionId }) {
      const { turns, version } = read(sessionId);
      return loadedHistory(turns, { turnCount: turns.length, version });
    },
    async append({ sessionId }, turn, version) {
      const stored = read(sessionId);
      if (stored.version !== version) throw historyConflict(sessionId, stored.version, version);
      await write(sessionId, { turns: [...stored.turns, turn], version: version + 1 });
      return { version: version + 1 };
    },
    async truncate(session, turnCount, version) {
      const { turns, version: current } = read(session.sessionId);
      const stored = { turnCount: turns.length, version: current };
      if (!removesTurns(session, { turnCount, version }, stored)) return { version };
      await write(session.sessionId, { turns: turns.slice(0, turnCount), version: version + 1 });
      return { version: version + 1 };
    },
    clear: async () => {},
  };
}

interface Stored {
  readonly turns: readonly (readonly Message[])[];
  readonly version: number;
}

function readAll(file: string): Record<string, Stored> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, Stored>;
  } catch {
    return {};
  }
}

/** Piece by piece, as a disk writes. */
async function writeAll(file: string, text: string): Promise<void> {
  await using handle = await open(file, 'w');
  const length = Math.max(4_096, Math.ceil(text.length / 64));
  for (let start = 0; start < text.length; start += length) await handle.write(text.slice(start, start + length));
}
