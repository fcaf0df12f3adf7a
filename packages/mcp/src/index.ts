// Entry point of @turnstream/mcp: tools of MCP servers for an agent, and our tools, including agents, on an MCP server.

export { type McpClient, type McpProgress, type McpTool, type McpToolsOptions, mcpTools } from './mcp-tools.ts';
export type { McpContent, McpResult } from './result.ts';
export { serveTool } from './serve-tool.ts';
