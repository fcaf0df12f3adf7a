// An agent as a tool of another: the model hands it a task and reads its answer.

import type { StandardSchema } from '../checked/standard-schema.ts';
import type { AgentResponse } from '../message/response.ts';
import { AgentSession } from '../session/session.ts';
import { pendingCalls } from './approval.ts';
import { ToolFailure } from './run-calls.ts';
import { type Approval, type Tool, type ToolContext, tool } from './tool.ts';

/** Options of `agent.asTool()`. */
export interface AgentToolOptions {
  /** What the calling model reads about it: what the agent is good at. */
  readonly description: string;
  /** The agent's name when left out. */
  readonly name?: string | undefined;
  /**
   * `none`, the default: every task is independent. `session`: all tasks in one session of the caller form one
   * conversation, kept in that session's state and stored with it.
   */
  readonly memory?: 'none' | 'session' | undefined;
  readonly approval?: Approval | undefined;
  /** As for any tool, in milliseconds. */
  readonly timeoutMs?: number | undefined;
}

/** The part of an agent used here. */
interface TaskAgent {
  readonly name: string | null;
  run(task: string, options: { readonly session?: AgentSession; readonly signal: AbortSignal }): Promise<AgentResponse>;
}

interface Task {
  readonly task: string;
}

const TASK_JSON = {
  type: 'object',
  properties: { task: { type: 'string', description: 'The task, with everything needed to do it.' } },
  required: ['task'],
  additionalProperties: false,
};

const TASK: StandardSchema<Task> = {
  '~standard': {
    version: 1,
    vendor: 'turnstream',
    validate: (value) => {
      const task: unknown = typeof value === 'object' && value !== null && 'task' in value ? value.task : undefined;
      return typeof task === 'string' ? { value: { task } } : { issues: [{ message: 'must be text', path: ['task'] }] };
    },
    jsonSchema: { input: () => structuredClone(TASK_JSON), output: () => structuredClone(TASK_JSON) },
  },
};

/**
 * Where a session keeps its conversation with an agent, before the name of the tool. Each has a member of its own, because
 * a server that runs two turns of a session at once stores the members that a turn changed.
 */
const CONVERSATION_KEY = 'agentTools.';

/** The agent as a tool. Throws `config_invalid` when it has no name that a tool can have. */
export function agentTool(agent: TaskAgent, options: AgentToolOptions): Tool<Task> {
  const { description, name = agent.name ?? '', memory = 'none', approval, timeoutMs } = options;
  const answer = async ({ task }: Task, { signal, session }: ToolContext): Promise<string> => {
    if (memory === 'none' || session === null) return textOf(await agent.run(task, { signal }), name);
    const key = CONVERSATION_KEY + name;
    const kept = session.state[key];
    const own = kept === undefined ? new AgentSession() : AgentSession.fromJSON(kept);
    const response = await agent.run(task, { signal, session: own });
    session.state[key] = own.toJSON();
    return textOf(response, name);
  };
  const turns = new WeakMap<AgentSession, Promise<unknown>>();
  /** Tasks of one batch take turns on their conversation. */
  const inTurn = (task: Task, context: ToolContext): Promise<string> => {
    const { session } = context;
    if (memory === 'none' || session === null) return answer(task, context);
    const before = turns.get(session) ?? Promise.resolve();
    const result = before.then(() => answer(task, context));
    turns.set(
      session,
      result.catch(() => {}),
    );
    return result;
  };
  return tool({
    name,
    description,
    parameters: TASK,
    execute: inTurn,
    approval,
    timeoutMs,
  });
}

/** The answer as the calling model reads it. One that was cut off says so; one that waits for its caller is a failure. */
function textOf({ text, approvals, messages, status, finishReason }: AgentResponse, name: string): string {
  const [guarded] = approvals;
  if (guarded !== undefined) {
    throw new ToolFailure(`${name} needs a person's consent to ${guarded.name}, which nobody can give here.`);
  }
  if (status === 'incomplete') {
    const by = finishReason === 'content_filter' ? 'by a content filter' : 'at its length limit';
    return `${text}\n[This answer was cut off ${by}.]`;
  }
  const [call] = pendingCalls(messages);
  if (call === undefined) return text;
  throw new ToolFailure(`${name} needs the result of ${call.name}, which nobody can give here.`);
}
