// Puts one of our tools, for example an agent, on an MCP server.
import type { McpServer, ServerContext, StandardSchemaWithJSON } from '@modelcontextprotocol/server';
import { AgentError, type Tool, ToolFailure } from '@turnstream/core';
import { invokeTool, unlessAborted } from '@turnstream/core/seams';
import { servedResult } from './served-result.ts';

/**
 * Offers the tool on the server. For an agent: `serveTool(server, agent.asTool({ description }))`. Images, audio and
 * files in its result become content blocks of that kind. The tool's signal is aborted when the client cancels the call
 * or the tool's `timeoutMs` passes, and the tool's reports become progress notifications. An exception becomes an error
 * of the call, with the text of a `ToolFailure` or the code of an `AgentError`, and nothing of any other error. Approval
 * is up to the client. Throws `config_invalid` for a tool without `execute`.
 */
export function serveTool<Input>(server: McpServer, tool: Tool<Input>): void {
  const { name, description } = tool;
  if (tool.execute === undefined) {
    throw new AgentError('config_invalid', `Tool ${name} has no execute, so a server cannot run it.`);
  }
  server.registerTool(name, { description, inputSchema: schemaOf(tool) }, async (input, { mcpReq }) => {
    try {
      const signal = signalFor(tool, mcpReq.signal);
      const context = { signal, session: null, callId: String(mcpReq.id), report: reporter(mcpReq) };
      return servedResult(await unlessAborted(invokeTool(tool, input, context), signal));
    } catch (error) {
      return { ...servedResult(wordsFor(error)), isError: true };
    }
  });
}

function signalFor({ timeoutMs }: Pick<Tool, 'timeoutMs'>, cancelled: AbortSignal): AbortSignal {
  return timeoutMs === null ? cancelled : AbortSignal.any([cancelled, AbortSignal.timeout(timeoutMs)]);
}

/** Sends the tool's reports as progress notifications, if the client asked for them. */
function reporter({ _meta, notify }: ServerContext['mcpReq']): (progress: unknown) => void {
  const progressToken = _meta?.progressToken;
  let count = 0;
  return (progress) => {
    if (progressToken === undefined) return;
    count += 1;
    const message = typeof progress === 'string' ? progress : JSON.stringify(progress);
    // The client has disconnected. The tool learns that from its signal.
    notify({ method: 'notifications/progress', params: { progressToken, progress: count, message } }).catch(() => {});
  };
}

function schemaOf<Input>(tool: Tool<Input>): StandardSchemaWithJSON<Input> {
  const json = (): Record<string, unknown> => ({ ...tool.parameters });
  return {
    '~standard': {
      version: 1,
      vendor: 'turnstream',
      validate: (value) => tool.validate(value),
      jsonSchema: { input: json, output: json },
    },
  };
}

function wordsFor(error: unknown): string {
  if (error instanceof ToolFailure) return error.message;
  if (error instanceof DOMException && error.name === 'TimeoutError') return 'The tool timed out.';
  return error instanceof AgentError ? `The tool failed: ${error.code}.` : 'The tool failed.';
}
