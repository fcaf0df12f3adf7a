// A tool of ours, such as an agent, on an MCP server.
import type { CallToolResult, McpServer, ServerContext, StandardSchemaWithJSON } from '@modelcontextprotocol/server';
import { AgentError, type Tool, ToolFailure } from '@turnstream/core';
import { invokeTool } from '@turnstream/core/seams';

/**
 * Offers the tool on the server, such as `serveTool(server, agent.asTool({ description }))` for an agent. A client that
 * cancels the call aborts the tool's signal, and what the tool reports becomes progress notifications. What a tool throws is an error of the call: with the text of a `ToolFailure`,
 * the code of an `AgentError`, and nothing of any other error. Consent is for the client to ask for. Throws
 * `config_invalid` for a tool without `execute`.
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

/** What the tool reports as progress notifications, for a client that asked for them. */
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
