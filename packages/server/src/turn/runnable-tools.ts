// The agent's tools, apart: those that run here, and those without `execute`, whose calls only some protocols can hand to
// their clients.
import { AgentError, type Tool } from '@turnstream/core';
import type { AgentServerOptions } from '../options.ts';

export interface ServedTools {
  readonly runnable: readonly Tool[];
  /** Their clients run them. The other protocols do not offer them to the model. */
  readonly client: readonly Tool[];
}

/** Throws `config_invalid` for a tool without `execute` when no protocol is on whose clients could answer its calls. */
export function servedTools({ agent: { tools = [] }, ui, agui }: AgentServerOptions): ServedTools {
  const client = tools.filter((tool) => tool.execute === undefined);
  const [unrunnable] = client;
  if (unrunnable === undefined || ui !== undefined || agui !== undefined) {
    return { runnable: tools.filter((tool) => tool.execute !== undefined), client };
  }
  throw new AgentError(
    'config_invalid',
    `The agent's tool ${JSON.stringify(unrunnable.name)} has no execute, so nobody would answer its calls. Give it one, serve clients that run tools with the ui or agui option, or leave it to callers that declare tools of their own: the openai option serves them.`,
  );
}
