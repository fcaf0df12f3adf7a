// The tools of an MCP server as tools of an agent. The caller owns the connection; this only translates.
import { AgentError, type StandardSchema, type Tool, ToolFailure, tool } from '@turnstream/core';
import { type JsonSchema, MAX_TIMER_MS } from '@turnstream/core/seams';
import { failureOf, type McpResult, resultOf } from './result.ts';

/** JSON-RPC's error code for invalid arguments. */
const INVALID_PARAMS = -32_602;

/** A tool as an MCP server lists it. Do not trust a server's description of its tools. */
export interface McpTool {
  readonly name: string;
  readonly description?: string | undefined;
  readonly inputSchema: JsonSchema;
  readonly annotations?:
    | { readonly readOnlyHint?: boolean | undefined; readonly title?: string | undefined }
    | undefined;
}

/** How far a call of an MCP tool has come, in the units of its server. */
export interface McpProgress {
  readonly progress: number;
  readonly total?: number | undefined;
  readonly message?: string | undefined;
}

/** The part of a connected client used here. `Client` of @modelcontextprotocol/client, version 2, is one. */
export interface McpClient {
  listTools(): Promise<{ readonly tools: readonly McpTool[] }>;
  callTool(
    call: { readonly name: string; readonly arguments: Record<string, unknown> },
    options: {
      readonly signal: AbortSignal;
      readonly timeout: number;
      readonly onprogress: (progress: McpProgress) => void;
    },
  ): Promise<McpResult>;
}

/** Options of `mcpTools`. */
export interface McpToolsOptions {
  /** A prefix for every name, for example `files_`, so that the tools of two servers do not collide. */
  readonly prefix?: string | undefined;
  /** Selects tools; all by default. */
  readonly only?: ((tool: McpTool) => boolean) | undefined;
  /**
   * Whether a call needs approval. By default always, except for tools with `readOnlyHint`, which the server may claim
   * wrongly.
   */
  readonly approval?: ((tool: McpTool) => 'never' | 'always') | undefined;
  /** Maximum time of a call, in milliseconds. By default limited only by the run. */
  readonly timeoutMs?: number | undefined;
}

/**
 * The server's tools. Names are made valid for models: characters other than letters, digits, `_` and `-` become `_`.
 * The server validates arguments against the schema that the model gets, and the model reads why it refused them. A
 * result that the server marks as an error is a failure whose text the model reads. Progress goes to the reader of the
 * run. Throws `config_invalid` when two names collide.
 */
export async function mcpTools(client: McpClient, options: McpToolsOptions = {}): Promise<Tool[]> {
  const { tools } = await client.listTools();
  const made = tools
    .filter((each) => options.only?.(each) ?? true)
    .map((each) => ({ from: each.name, tool: toolFor(client, each, options) }));
  for (const [index, { from, tool: each }] of made.entries()) {
    const other = made.slice(0, index).find(({ tool: { name } }) => name === each.name);
    if (other === undefined) continue;
    throw new AgentError(
      'config_invalid',
      `The MCP tools ${JSON.stringify(other.from)} and ${JSON.stringify(from)} would both be named ${each.name}. Leave one out with \`only\`.`,
    );
  }
  return made.map(({ tool: each }) => each);
}

function toolFor(client: McpClient, listed: McpTool, options: McpToolsOptions): Tool {
  const { prefix = '', approval = consentFor, timeoutMs } = options;
  const name = (prefix + listed.name).replaceAll(/[^\w-]/g, '_').slice(0, 64);
  const parameters: StandardSchema<Record<string, unknown>> = passedThrough(listed.inputSchema);
  return tool({
    name,
    description: listed.description ?? listed.annotations?.title ?? listed.name,
    parameters,
    approval: approval(listed),
    timeoutMs,
    async execute(input, { signal, report }) {
      const call = { name: listed.name, arguments: input };
      // The tool's own timeout aborts the signal.
      const sent = { signal, timeout: MAX_TIMER_MS, onprogress: report };
      const result = await client.callTool(call, sent).catch(asFailure);
      if (result.isError === true) throw new ToolFailure(failureOf(result));
      return resultOf(result);
    },
  });
}

/** Some servers refuse arguments with a protocol error. The model can only correct them if it reads the message. */
function asFailure(error: unknown): never {
  const isRefused = error instanceof Error && 'code' in error && error.code === INVALID_PARAMS;
  throw isRefused ? new ToolFailure(error.message, { cause: error }) : error;
}

function consentFor({ annotations }: McpTool): 'never' | 'always' {
  return annotations?.readOnlyHint === true ? 'never' : 'always';
}

/** The server validates its input. */
function passedThrough(schema: JsonSchema): StandardSchema<Record<string, unknown>> {
  return {
    '~standard': {
      version: 1,
      vendor: 'mcp',
      validate: (value) => ({ value: value as Record<string, unknown> }),
      jsonSchema: { input: () => ({ ...schema }), output: () => ({ ...schema }) },
    },
  };
}
