// Puts one of our tools, for example an agent, on an MCP server.
import type { CallToolResult, McpServer, ServerContext, StandardSchemaWithJSON } from '@modelcontextprotocol/server';
import { AgentError, type Tool, ToolFailure } from '@turnstream/core';
import { invokeTool } from '@turnstream/core/seams';

/**
 * Offers the tool on the server. For an agent: `serveTool(server, agent.asTool({ description }))`. A client that
 * cancels the call aborts the tool's signal, and the tool's reports become progress notifications. An exception becomes
 * an error of the call, with the text of a `ToolFailure` or the code of an `AgentError`, and nothing of any other
 * error. Approval is up to the client. Throws `config_invalid` for a tool without `execute`.
 */
export function serveTool<Input>(server: McpServer, tool: Tool<Input>): void {
  const { name, description } = tool;
  if (tool.execute === undefined) {
    throw new AgentError('config_invalid', `Tool ${name} has no execute, so a server cannot run it.`);
  }
  server.registerTool(name, { description, inputSchema: schemaOf(tool) }, async (input, { mcpReq }) => {
    try {
      const { signal, id } = mcpReq;
      return answer(
        await invokeTool(tool, input, { signal, session: null, callId: String(id), report: reporter(mcpReq) }),
      );
    } catch (error) {
      return { ...answer(wordsFor(error)), isError: true };
    }
  });
}

/** Sends the tool's reports as progress notifications, if the client asked for them. */
function reporter({ _meta, notify }: ServerContext['mcpReq']): (progress: unknown) => void {
  const progressToken = _meta?.progressToken;
  let count = 0;
  return (progress) => {
    if (progressToken === undefined) return;
    count += 1;
    const message = typeof progress === 'string' ? progress : JSON.stringify(progress);
    void notify({ method: 'notifications/progress', params: { progressToken, progress: count, message } });
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

function answer(value: unknown): CallToolResult {
  return { content: [{ type: 'text', text: typeof value === 'string' ? value : (JSON.stringify(value) ?? '') }] };
}

function wordsFor(error: unknown): string {
  if (error instanceof ToolFailure) return error.message;
  return error instanceof AgentError ? `The tool failed: ${error.code}.` : 'The tool failed.';
}
