// Runs one batch of tool calls: at the same time, results in call order, every failure a text for the model.
import { parseArguments } from '../checked/call-arguments.ts';
import { describeIssues } from '../checked/standard-schema.ts';
import type { FunctionCallContent, FunctionResultContent, ToolErrorCode } from '../message/message.ts';
import type { AgentSession } from '../session/session.ts';
import { toolOutput, toolProgress, toolValue } from './result.ts';
import type { Tool, ToolContext } from './tool.ts';

/**
 * Gets the error that a tool threw. A promise it returns is awaited, and a rejection ends the run. The model and the
 * history only get the fact that the tool failed.
 */
export type OnToolError = (error: unknown, call: { readonly callId: string; readonly name: string }) => unknown;

/** Executes a tool. Resolves with what it returned; a generator's yields are reported. */
export type InvokeTool = (tool: Tool, input: unknown, context: ToolContext) => Promise<unknown>;

/** Runs a tool and returns what the model reads: the result itself, or text when it is not JSON. */
export const invokeTool: InvokeTool = async (tool, input, context) =>
  toolValue(await tool.execute?.(input, context), context);

export interface ToolRun {
  readonly tools: ReadonlyMap<string, Tool>;
  readonly session: AgentSession | null;
  readonly signal: AbortSignal;
  readonly onToolError: OnToolError | null;
  readonly invoke: InvokeTool;
  /** Called with what a tool reports while it runs. */
  readonly onProgress: (callId: string, progress: unknown) => void;
}

/** The results of the calls, in call order. Rejects only with what `onToolError` throws. The texts are MAF's, which models have seen. */
export function runToolCalls(
  calls: readonly FunctionCallContent[],
  run: ToolRun,
): Promise<readonly FunctionResultContent[]> {
  return Promise.all(calls.map((call) => runToolCall(call, run)));
}

/** The result of a call the caller refused. */
export function rejectedCall(call: FunctionCallContent): FunctionResultContent {
  return failed(call, 'rejected', 'Error: Tool call invocation was rejected by user.');
}

/**
 * Thrown by a tool whose failure the model should read, such as `No order 17. Ask for the number on the receipt.` Any
 * other error stays on our side: the model only reads that the function failed.
 */
export class ToolFailure extends Error {
  override readonly name = 'ToolFailure';
}

class ToolTimeout extends Error {}

async function runToolCall(call: FunctionCallContent, run: ToolRun): Promise<FunctionResultContent> {
  const tool = run.tools.get(call.name);
  if (tool?.execute === undefined) {
    return failed(call, 'unknown_tool', `Error: Requested function "${call.name}" not found.`);
  }
  const input = parseArguments(call.arguments);
  if (input === null) return failed(call, 'invalid_arguments', 'Error: Argument parsing failed.');
  try {
    const checked = await tool.validate(input);
    if (checked.issues !== undefined) {
      const issues = describeIssues(checked.issues);
      return failed(call, 'invalid_arguments', `Error: Argument parsing failed. ${issues}`);
    }
    // Aborted while the arguments were checked: nobody reads the result, and the signal's listeners would never be called.
    if (run.signal.aborted) return failed(call, 'tool_failed', 'Error: Function failed.');
    return await execute(tool, checked.value, call, run);
  } catch (error) {
    await run.onToolError?.(error, { callId: call.callId, name: call.name });
    if (error instanceof ToolTimeout) return failed(call, 'tool_timeout', 'Error: Function timed out.');
    return failed(call, 'tool_failed', error instanceof ToolFailure ? error.message : 'Error: Function failed.');
  }
}

async function execute(
  tool: Tool,
  input: unknown,
  call: FunctionCallContent,
  run: ToolRun,
): Promise<FunctionResultContent> {
  const { session, signal, invoke } = run;
  const { callId } = call;
  const { promise, resolve, reject } = Promise.withResolvers<FunctionResultContent>();
  const failing = new AbortController();
  const fail = (error: unknown): void => {
    reject(error);
    failing.abort(error);
  };
  const { timeoutMs } = tool;
  const timedOut = (): void => fail(new ToolTimeout(`Tool ${tool.name} took longer than ${timeoutMs} ms.`));
  const leave = timeoutMs === null ? null : afterTimeout(timeoutMs, signal, timedOut);
  const context: ToolContext = {
    signal: AbortSignal.any([signal, failing.signal]),
    session,
    callId,
    // A tool may report from a timer or a callback, where a thrown error would end the process.
    report(progress) {
      try {
        run.onProgress(callId, toolProgress(progress));
      } catch (error) {
        fail(error);
      }
    },
  };
  (async () => succeeded(call, await invoke(tool, input, context)))().then(resolve, reject);
  try {
    return await promise;
  } finally {
    leave?.();
  }
}

/** Calls back after the time, and returns how to stop it. An abort stops it, too: a tool that ignores it may never settle. */
function afterTimeout(ms: number, signal: AbortSignal, timedOut: () => void): () => void {
  const timer = setTimeout(timedOut, ms);
  const stop = (): void => {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  };
  signal.addEventListener('abort', stop);
  return stop;
}

function succeeded(call: FunctionCallContent, returned: unknown): FunctionResultContent {
  return { type: 'function_result', callId: call.callId, ...toolOutput(returned) };
}

function failed(call: FunctionCallContent, error: ToolErrorCode, result: string): FunctionResultContent {
  return { type: 'function_result', callId: call.callId, result, error };
}
