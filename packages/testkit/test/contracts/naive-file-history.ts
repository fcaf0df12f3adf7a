// Histories in one JSON file, as they are often written: read all, add, write all. For the checks with processes.
import { readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { HistoryProvider, Message } from '@turnstream/core';
import { historyConflict } from '@turnstream/core/seams';

/** The argument is `<how it writes> <file>`. */
export function openHistory(argument: string): HistoryProvider {
  const [how = '', file = ''] = argument.split(' ');
  return {
    async load({ sessionId }) {
      const turns = readAll(file)[sessionId] ?? [];
      return { messages: turns.flat(), version: turns.length };
    },
    async append({ sessionId }, turn, version) {
      const sessions = readAll(file);
      const turns = sessions[sessionId] ?? [];
      if (turns.length !== version) throw historyConflict(sessionId, turns.length, version);
      const written = writeAll(file, JSON.stringify({ ...sessions, [sessionId]: [...turns, turn] }));
      if (how !== 'later') await written;
      return { version: version + 1 };
    },
    clear: async () => {},
  };
}

function readAll(file: string): Record<string, (readonly Message[])[]> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, (readonly Message[])[]>;
  } catch {
    return {};
  }
}

/** Piece by piece, as a disk does it. */
async function writeAll(file: string, text: string): Promise<void> {
  await using handle = await open(file, 'w');
  const length = Math.max(4_096, Math.ceil(text.length / 64));
  for (let start = 0; start < text.length; start += length) await handle.write(text.slice(start, start + length));
}
