// Three ways to store one conversation for two processes. Each runs a turn: read, answer, store.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Agent, AgentSession, ChatClient } from '@turnstream/core';
import { FileHistory, FileSessions } from '@turnstream/history/file';
import { loadOrNew, saveSession } from './session-file.ts';
import { statefulAgent } from './stateful-agent.ts';

export interface ContestedStore {
  /** `midway` is awaited between reading and storing. Rejects when the store has changed since the read. */
  turn(client: ChatClient, question: string, midway: () => Promise<void>): Promise<void>;
  /** The stored turns, as text. */
  stored(): Promise<string>;
}

const sessionId = 'race';
const owner = 'reader';

/** By name; each stores its data in a place of its own in the folder. */
export const contestedStores: Readonly<Record<string, (folder: string) => ContestedStore>> = {
  'session.json': (folder) => {
    const file = join(folder, 'session.json');
    return {
      async turn(client, question, midway) {
        const agent = statefulAgent(client);
        const session = await loadOrNew(agent, file);
        await streamThrough(agent, question, session, midway);
        await saveSession(session, file);
      },
      stored: () => readFile(file, 'utf8'),
    };
  },
  FileSessions: (folder) => {
    const sessions = new FileSessions(join(folder, 'sessions'));
    return {
      async turn(client, question, midway) {
        const agent = statefulAgent(client);
        const session = (await sessions.open(sessionId, { owner })) ?? agent.createSession({ sessionId });
        await streamThrough(agent, question, session, midway);
        await sessions.save(session, { owner });
      },
      stored: async () => JSON.stringify(await sessions.open(sessionId, { owner })),
    };
  },
  FileHistory: (folder) => {
    const history = new FileHistory(join(folder, 'history'));
    return {
      async turn(client, question, midway) {
        const agent = statefulAgent(client, history);
        await streamThrough(agent, question, agent.createSession({ sessionId }), midway);
      },
      stored: async () => JSON.stringify(await history.load({ sessionId })),
    };
  },
};

/** The first update says that the history was read; the turn is stored after the last one. */
async function streamThrough(
  agent: Agent,
  question: string,
  session: AgentSession,
  midway: () => Promise<void>,
): Promise<void> {
  let isFirst = true;
  for await (const _ of agent.runStreaming(question, { session })) {
    if (isFirst) await midway();
    isFirst = false;
  }
}
