// Five earlier turns, and a way to summarize them.
import { AgentSession, MemoryHistory, type Message, textOf } from '@turnstream/core';

const TURNS = [
  ['Remember the word teal.', 'OK, the word is "teal".'],
  ['What is Python in one line?', 'A programming language known for its readability.'],
  ['How old is it?', 'Python first appeared in 1991.'],
  ['What is the capital of France?', 'Paris.'],
  ['And of Japan?', 'Tokyo.'],
] as const;

export async function longConversation(): Promise<{ history: MemoryHistory; session: AgentSession }> {
  const history = new MemoryHistory();
  const session = new AgentSession();
  for (const [version, [question, answer]] of TURNS.entries()) {
    const turn: Message[] = [
      { role: 'user', contents: question },
      { role: 'assistant', contents: answer },
    ];
    await history.append(session, turn, version);
  }
  return { history, session };
}

/** The last turn unchanged, and the user's earlier messages in one. A model could write a better summary. */
export function inShort(messages: readonly Message[]): readonly Message[] {
  const lastQuestion = messages.findLastIndex((message) => message.role === 'user');
  const earlier = messages.slice(0, Math.max(0, lastQuestion)).filter((message) => message.role === 'user');
  if (earlier.length === 0) return messages;
  const summary = `What I said before: ${earlier.map(textOf).join(' ')}`;
  return [{ role: 'user', contents: summary }, ...messages.slice(lastQuestion)];
}
