// Middleware around each model call and each tool call of a run.
import { AsyncLocalStorage } from 'node:async_hooks';
import { expect, test, vi } from 'vitest';
import * as z from 'zod';
import { Agent, AgentError, contentsOf, type Middleware, type Tool, ToolFailure, tool } from '../../src/index.ts';
import { call, finished, scriptedClient, text, wantsTools } from '../scripted-client.ts';

function lookUpTool(
  execute: (input: { order: number }) => string,
  options: { readonly timeoutMs?: number } = {},
): Tool<{ order: number }> {
  const parameters = z.object({ order: z.number() });
  return tool({ name: 'look_up', description: 'Looks an order up.', parameters, execute, ...options });
}

const lookUp = lookUpTool(({ order }) => `Order ${order} is packed.`);

const asksForOrder = [call('c1', 'look_up', '{"order":17}'), wantsTools];

/** The results that the model was sent with its second call. */
function resultsSent(client: ReturnType<typeof scriptedClient>): unknown[] {
  return client.requests[1]!.messages.flatMap(({ role, contents }) =>
    role === 'tool' ? contentsOf({ role, contents }) : [],
  );
}

test('every model call of a tool loop goes through, each with its own request', async () => {
  const client = scriptedClient(asksForOrder, ['Packed.', finished]);
  const lengths: number[] = [];
  const counting: Middleware = {
    model(modelCall, next) {
      lengths.push(modelCall.request.messages.length);
      return next();
    },
  };

  const response = await new Agent({ client, tools: [lookUp], middleware: [counting] }).run('Order 17?');

  expect(response.text).toBe('Packed.');
  expect(lengths).toEqual([1, 3]);
});

test('a model call can be answered from elsewhere, such as a cache, and its turn is stored', async () => {
  const client = scriptedClient();
  const cached: Middleware = {
    async *model() {
      yield text('From the cache.');
      yield { ...finished };
    },
  };
  const agent = new Agent({ client, middleware: [cached] });
  const session = agent.createSession();

  const response = await agent.run('Hello', { session });

  expect(response.text).toBe('From the cache.');
  expect(client.requests).toEqual([]);
  expect(await agent.transcript(session)).toHaveLength(1);
});

test('a model call that failed before its first update can go to another model', async () => {
  const client = scriptedClient([new AgentError('rate_limited', 'busy')], ['Hi', finished]);
  const falling: Middleware = {
    async *model(modelCall, next) {
      try {
        yield* next();
      } catch {
        yield* next({ ...modelCall, request: { ...modelCall.request, settings: { model: 'small' } } });
      }
    },
  };

  const response = await new Agent({ client, middleware: [falling] }).run('Hello');

  expect(response.text).toBe('Hi');
  expect(client.requests.map(({ settings }) => settings?.model)).toEqual([undefined, 'small']);
});

test('a tool call goes through with its checked arguments, and its result can be changed', async () => {
  const client = scriptedClient(asksForOrder, ['Packed.', finished]);
  const seen: unknown[] = [];
  const looking: Middleware = {
    async tool(toolCall, next) {
      seen.push(toolCall.tool.name, toolCall.callId, toolCall.input);
      return `${String(await next())} Checked.`;
    },
  };

  await new Agent({ client, tools: [lookUp], middleware: [looking] }).run('Order 17?');

  expect(seen).toEqual(['look_up', 'c1', { order: 17 }]);
  expect(resultsSent(client)).toMatchObject([{ result: 'Order 17 is packed. Checked.' }]);
});

test('a tool call can be answered without the tool, or with other arguments', async () => {
  const execute = vi.fn(({ order }: { order: number }) => `Order ${order}`);
  const spied = lookUpTool(execute);
  const client = scriptedClient(
    [call('c1', 'look_up', '{"order":1}'), call('c2', 'look_up', '{"order":2}'), wantsTools],
    ['Done.', finished],
  );
  const guarding: Middleware = {
    tool: (toolCall, next) => (toolCall.callId === 'c1' ? 'Not yours.' : next({ ...toolCall, input: { order: 20 } })),
  };

  await new Agent({ client, tools: [spied], middleware: [guarding] }).run('Both?');

  expect(resultsSent(client)).toMatchObject([{ result: 'Not yours.' }, { result: 'Order 20' }]);
  expect(execute).toHaveBeenCalledTimes(1);
});

test('an error of tool middleware is the failure of the call, and onToolError hears of it', async () => {
  const client = scriptedClient(asksForOrder, ['Sorry.', finished]);
  const error = new Error('no right to');
  const onToolError = vi.fn<(error: unknown, call: object) => void>();
  const failing: Middleware = {
    tool() {
      throw error;
    },
  };

  await new Agent({ client, tools: [lookUp], onToolError, middleware: [failing] }).run('Order 17?');

  expect(resultsSent(client)).toMatchObject([{ result: 'Error: Function failed.', error: 'tool_failed' }]);
  expect(onToolError).toHaveBeenCalledWith(error, { callId: 'c1', name: 'look_up' });
});

test('the timeout of a tool covers its middleware, and aborts the signal', async () => {
  const client = scriptedClient(asksForOrder, ['Sorry.', finished]);
  const slow = lookUpTool(() => 'late', { timeoutMs: 5 });
  const aborted = Promise.withResolvers<void>();
  const waiting: Middleware = {
    tool: ({ signal }) =>
      new Promise(() => {
        signal.addEventListener('abort', () => aborted.resolve());
      }),
  };

  await new Agent({ client, tools: [slow], middleware: [waiting] }).run('Order 17?');
  await aborted.promise;

  expect(resultsSent(client)).toMatchObject([{ error: 'tool_timeout' }]);
});

test('the model reads the text of a ToolFailure, and nothing of another error', async () => {
  const client = scriptedClient(asksForOrder, ['Sorry.', finished]);
  const failing = lookUpTool(() => {
    throw new ToolFailure('No order 17. Ask for the number on the receipt.');
  });

  await new Agent({ client, tools: [failing] }).run('Order 17?');

  expect(resultsSent(client)).toMatchObject([
    { result: 'No order 17. Ask for the number on the receipt.', error: 'tool_failed' },
  ]);
});

test('everything of one run carries the same id', async () => {
  const client = scriptedClient(asksForOrder, ['Packed.', finished]);
  const ids: string[] = [];
  const noting: Middleware = {
    run(run, next) {
      ids.push(run.id);
      return next();
    },
    model({ run }, next) {
      ids.push(run.id);
      return next();
    },
    tool({ run }, next) {
      ids.push(run.id);
      return next();
    },
  };

  await new Agent({ client, tools: [lookUp], middleware: [noting] }).run('Order 17?');

  expect(ids).toHaveLength(4);
  expect(new Set(ids).size).toBe(1);
});

test('middleware and tools run in the async context of the reader', async () => {
  const tenant = new AsyncLocalStorage<string>();
  const seen: unknown[] = [];
  const watching: Middleware = {
    async *run(_call, next) {
      seen.push(tenant.getStore());
      yield* next();
    },
  };
  const look = lookUpTool(() => `${seen.push(tenant.getStore())} seen`);
  const client = scriptedClient(asksForOrder, ['Packed.', finished]);
  const stream = new Agent({ client, tools: [look], middleware: [watching] }).runStreaming('Order 17?');

  await tenant.run('acme', () => stream.finalResponse());

  expect(seen).toEqual(['acme', 'acme']);
});
