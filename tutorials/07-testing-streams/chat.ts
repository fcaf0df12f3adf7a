// The code under test: a chat for many people, each with a separate conversation.
import { Agent, type AgentSession, type ChatClient } from '@turnstream/core';

export interface Chat {
  /** The answer, piece by piece. */
  ask(person: string, question: string): AsyncIterable<{ readonly text: string }>;
}

export function openChat(client: ChatClient): Chat {
  const agent = new Agent({ client, instructions: 'Be concise.' });
  const sessions = new Map<string, AgentSession>();
  return {
    ask(person, question) {
      const session = sessions.get(person) ?? agent.createSession();
      sessions.set(person, session);
      return agent.runStreaming(question, { session });
    },
  };
}
