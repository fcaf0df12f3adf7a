// A served agent runs its own tools: the server's protocols have no place for a call that somebody else would have to answer.
import { AgentError, type Tool } from '@turnstream/core';

/** Throws `config_invalid` for a tool without `execute`: its call would end an answer, often one without a word. */
export function refuseUnrunnable(tools: readonly Tool[]): void {
  const unrunnable = tools.find((tool) => tool.execute === undefined);
  if (unrunnable === undefined) return;
  throw new AgentError(
    'config_invalid',
    `The agent's tool ${JSON.stringify(unrunnable.name)} has no execute, so nobody would answer its calls. Give it one, or leave it to clients that declare tools of their own: the openai option serves them.`,
  );
}
