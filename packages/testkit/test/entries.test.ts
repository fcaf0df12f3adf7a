// What each entry of the package exports, and which packages it loads.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import * as contracts from '../src/contracts/index.ts';
import * as demoFetch from '../src/demo/fetch.ts';
import * as demo from '../src/demo/index.ts';
import * as main from '../src/index.ts';

const run = promisify(execFile);

/** Runs a module in a child process. Resolves with its output and the names of the packages it loaded. */
async function inProcess(code: string): Promise<{ output: string; errors: string; packages: string[] }> {
  const script = `
    import { registerHooks } from 'node:module';
    const packages = new Set();
    registerHooks({ resolve(name, context, next) {
      if (!/^(node:|file:|[./#])/.test(name) && !context.parentURL?.includes('node_modules')) packages.add(name);
      return next(name, context);
    } });
    ${code}
    console.log(JSON.stringify([...packages]));
  `;
  const options = { cwd: import.meta.dirname, timeout: 50_000 };
  const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '-e', script], options);
  const lines = stdout.trim().split('\n');
  return {
    errors: stderr.trim(),
    output: lines.slice(0, -1).join('\n'),
    packages: JSON.parse(lines.at(-1)!) as string[],
  };
}

test('the main entry exports the scripted model', () => {
  expect(Object.keys(main).toSorted()).toMatchInlineSnapshot(`
    [
      "TestClock",
      "answer",
      "at",
      "background",
      "callTool",
      "dropConnection",
      "duplicateFrame",
      "errorFrame",
      "every",
      "everyByte",
      "floodAfter",
      "holdOpenAfterEnd",
      "httpError",
      "malformedFrame",
      "missingFrame",
      "mockModel",
      "perFrame",
      "rawReply",
      "refuse",
      "reply",
      "resetAfter",
      "responseFailed",
      "seeded",
      "serveModel",
      "stallAfter",
      "startDemoModel",
      "truncateAfter",
      "unknownEvent",
      "whole",
    ]
  `);
});

test('the demo entry exports the demo model, the contracts entry the contracts', () => {
  expect([Object.keys(demo), Object.keys(demoFetch), Object.keys(contracts)]).toEqual([
    ['startDemoModel'],
    ['demoFetch'],
    ['backgroundContract', 'chatClientContract', 'historyContract', 'sessionStoreContract'],
  ]);
});

test('the main entry needs no test runner, and loads msw only when the first mock model starts', async () => {
  const { output, packages } = await inProcess(`
    const { mockModel } = await import('@turnstream/testkit');
    console.log(packages.has('msw') || packages.has('msw/node'));
    using model = mockModel();
  `);

  expect(packages).toEqual(['@turnstream/testkit', '@cfworker/json-schema', 'msw/node', 'msw']);
  expect(output).toBe('false');
});

test('the demo model loads a schema validator and nothing else, and holds no process open', async () => {
  const { output, errors, packages } = await inProcess(`
    const { startDemoModel } = await import('@turnstream/testkit/demo');
    const model = await startDemoModel({ pace: { firstChunkDelayMs: 0, chunkDelayMs: 0 } });
    const response = await fetch(model.baseURL + '/responses', { method: 'POST', body: '{"input":"Hello"}' });
    console.log((await response.json()).output[0].content[0].text);
    // The client lets go of its connection within some turns; the model would keep it for seconds.
    let held = null;
    for (let turn = 0; held !== '' && turn < 100; turn += 1) {
      await new Promise(setImmediate);
      held = process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP')).join();
    }
    console.error(held);
  `);

  expect([output, errors]).toEqual(['Hello. What would you like to know?', '']);
  expect(packages).toEqual(['@turnstream/testkit/demo', '@cfworker/json-schema']);
});
