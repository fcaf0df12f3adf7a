// A run through its middleware: the same model calls and tools, with what was put around each of them.
import { toMessages } from '../checked/input.ts';
import { AgentError } from '../errors.ts';
import type { Message } from '../message/message.ts';
import { compose, type Middleware, type ModelCall, type RunCall, type ToolCall } from '../middleware/middleware.ts';
import type { ChatClient } from '../model/chat-client.ts';
import type { ChatUpdate, ChatUpdates } from '../model/update.ts';
import { pendingCalls, refuseRepeatedResults, refuseStrayResults } from '../tools/approval.ts';
import { type InvokeTool, invokeTool } from '../tools/run-calls.ts';
import { mergeTools } from '../tools/tool.ts';
import { checkChoice } from './caller-options.ts';
import type { RunPlan } from './plan.ts';
import { storedPart, type TurnStart } from './turn.ts';
import { withContext } from './with-context.ts';

/** How a run reaches its model and its tools. */
export interface Reach {
  client(client: ChatClient): ChatClient;
  readonly invoke: InvokeTool;
}

/** Opens the updates of a run. With middleware it is called once for each `next`, with the plan as changed on the way. */
export type OpenRun<Value> = (plan: RunPlan<Value>, start: TurnStart, reach: Reach) => ChatUpdates;

const DIRECTLY: Reach = { client: (client) => client, invoke: invokeTool };

/** The updates of a run, through the middleware of its plan. */
export function throughMiddleware<Value>(
  plan: RunPlan<Value>,
  start: TurnStart,
  signal: AbortSignal,
  open: OpenRun<Value>,
): ChatUpdates {
  const { middleware } = plan;
  if (middleware.length === 0) return open(plan, start, DIRECTLY);
  const begin = (given: RunCall): AsyncIterable<ChatUpdate> => ({
    [Symbol.asyncIterator]: () => {
      // A resumed run has already sent its question.
      const isKnown = given.question === plan.question || start.rounds !== undefined;
      const call = isKnown ? given : { ...given, question: checkedQuestion(plan, given) };
      return open(changedPlan(plan, call), changedStart(plan, start, call), reachOf(call, middleware));
    },
  });
  const through = compose(layersOf(middleware, 'run'), begin);
  return through(firstCall(plan, start, signal))[Symbol.asyncIterator]();
}

function firstCall<Value>(plan: RunPlan<Value>, { history }: TurnStart, signal: AbortSignal): RunCall {
  const { name, session, question, instructions, tools, toolChoice, settings, stream } = plan;
  return {
    id: crypto.randomUUID(),
    agent: name,
    session,
    history,
    context: [],
    question,
    instructions,
    tools: [...tools.values()],
    toolChoice,
    settings,
    stream,
    signal,
  };
}

/** A question that middleware has replaced. It is sent and stored, so it is checked as the caller's is. */
function checkedQuestion<Value>(plan: RunPlan<Value>, { question: given, history }: RunCall): readonly Message[] {
  const question = toMessages(given);
  refuseRepeatedResults(question);
  if (plan.session !== null && plan.history !== 'service') refuseStrayResults(question, history);
  return question;
}

function changedPlan<Value>(plan: RunPlan<Value>, call: RunCall): RunPlan<Value> {
  const { question, instructions, settings } = call;
  const tools = mergeTools(call.tools, []);
  return { ...plan, question, instructions, settings, tools, toolChoice: checkChoice(call.toolChoice, tools) };
}

function changedStart<Value>(plan: RunPlan<Value>, start: TurnStart, call: RunCall): TurnStart {
  const { question } = call;
  const rest = [...storedPart(question), ...(start.rounds ?? [])];
  const messages = withContext(call, rest, plan.history === 'service' ? start.pending : null);
  const isPendingKnown = question === plan.question || plan.history === 'service';
  return { ...start, messages, pending: isPendingKnown ? start.pending : pendingCalls(messages) };
}

function reachOf(run: RunCall, middleware: readonly Middleware[]): Reach {
  const models = layersOf(middleware, 'model');
  return {
    client: (client) => {
      const through = compose<ModelCall, AsyncIterable<ChatUpdate>>(models, ({ request }) => client.send(request));
      return { send: (request) => through({ run, request }) };
    },
    invoke: toolsThrough(run, middleware),
  };
}

function toolsThrough(run: RunCall, middleware: readonly Middleware[]): InvokeTool {
  const layers = middleware.flatMap((each) => (each.tool === undefined ? [] : [each.tool.bind(each)]));
  const through = compose<ToolCall, Promise<unknown>>(
    layers.map((layer) => async (call, next) => layer(call, next)),
    ({ tool, input, callId, signal, report }) =>
      invokeTool(tool, input, { callId, signal, report, session: run.session }),
  );
  return (tool, input, { callId, signal, report }) => through({ run, tool, callId, input, signal, report });
}

type StreamLayer<Call> = (call: Call, next: (call?: Call) => AsyncIterable<ChatUpdate>) => AsyncIterable<ChatUpdate>;

interface StreamCalls {
  readonly run: RunCall;
  readonly model: ModelCall;
}

function layersOf<Kind extends keyof StreamCalls>(
  middleware: readonly Middleware[],
  kind: Kind,
): readonly StreamLayer<StreamCalls[Kind]>[] {
  return middleware.flatMap((each) => {
    const layer = each[kind]?.bind(each) as StreamLayer<StreamCalls[Kind]> | undefined;
    if (layer === undefined) return [];
    return [(call: StreamCalls[Kind], next: Parameters<typeof layer>[1]) => iterable(layer(call, next), kind)];
  });
}

/** A method that is not a generator may forget what it returns. */
function iterable(updates: AsyncIterable<ChatUpdate>, kind: string): AsyncIterable<ChatUpdate> {
  if (typeof (updates as Partial<typeof updates> | undefined)?.[Symbol.asyncIterator] === 'function') return updates;
  throw new AgentError(
    'config_invalid',
    `The ${kind} method of a middleware returned no updates. Make it an async generator (async *${kind}), or return what next() returns.`,
  );
}
