// The chapter's programs as processes of their own: what they print, and with which exit code they end.
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { callTool, reply, serveModel } from '@turnstream/testkit';
import { expect, test } from 'vitest';

/** No key, unless a test gives one: an empty variable hides the one in `.env`. */
const noKey = { LLM_PROVIDER: '', LLM_MODEL: '', OPENAI_API_KEY: '', OPENAI_BASE_URL: '', AZURE_OPENAI_ENDPOINT: '' };

async function run(args: readonly string[], { input = '', env = {} } = {}) {
  const cwd = new URL('..', import.meta.url);
  const child = spawn(process.execPath, args, { cwd, env: { ...process.env, ...noKey, ...env } });
  child.stdin.end(input);
  const code = new Promise<number | null>((resolve) => child.on('close', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, stdout, stderr };
}

const PARIS = `
Q: What is the weather in Paris?
   get_weather({"city":"Paris"}) -> Sunny, 18°C, light breeze
A: The weather in Paris: Sunny, 18°C, light breeze.
`;
const FRANCE = `
Q: What is the capital of France?
A: The capital of France is Paris.
`;

test.concurrent('main.ts shows the model decide, in both modes alike', async () => {
  const { code, stdout } = await run(['main.ts']);

  expect(stdout).toBe(`${PARIS}${FRANCE}\nThe same, streamed:\n${PARIS}${FRANCE}`);
  expect(code).toBe(0);
});

test.concurrent('main.ts asks what stands on the command line', async () => {
  const { stdout } = await run(['main.ts', 'What is the weather in Atlantis?']);

  expect(stdout).toContain('get_weather({"city":"Atlantis"}) -> No weather data for Atlantis.\n');
});

test.concurrent('parallel-calls.ts starts both lookups before either ends', async () => {
  const { code, stdout } = await run(['parallel-calls.ts']);

  expect(stdout).toBe(`Q: What is the weather in Paris and in Tokyo?
   Paris starts
   Tokyo starts
   Paris ends
   Tokyo ends
   get_weather({"city":"Paris"}) -> Sunny, 18°C, light breeze
   get_weather({"city":"Tokyo"}) -> Rain, 15°C
A: The weather in Paris: Sunny, 18°C, light breeze. In Tokyo: Rain, 15°C.
`);
  expect(code).toBe(0);
});

test.concurrent('failing-tool.ts tells you what the tool threw, and the model that it failed', async () => {
  const { code, stdout, stderr } = await run(['failing-tool.ts']);

  expect(stdout).toBe(`Q: What is the weather in Paris?
   get_weather({"city":"Paris"}) -> Error: Function failed.
A: I could not find out the weather in Paris; the tool said: Error: Function failed.
`);
  expect(stderr).toContain('get_weather threw: Error: weather-db-7.internal refused the query for Paris\n');
  expect(code).toBe(0);
});

test.concurrent.for([
  ['approve', ''],
  ['nothing', 'y\n'],
] as const)('approval.ts with %s on the command line and %j typed looks the weather up', async ([decision, input]) => {
  const { code, stdout } = await run(['approval.ts', ...(decision === 'nothing' ? [] : [decision])], { input });

  expect(stdout).toBe(`Q: What is the weather in Paris?
   The model asks for get_weather({"city":"Paris"})
   -> Sunny, 18°C, light breeze
A: The weather in Paris: Sunny, 18°C, light breeze.
`);
  expect(code).toBe(0);
});

test.concurrent.for(['no\n', ''])(
  'approval.ts with nothing on the command line and %j typed does not look the weather up',
  async (input) => {
    const { code, stdout } = await run(['approval.ts'], { input });

    expect(stdout).toContain('\n   -> Error: Tool call invocation was rejected by user.\nA: ');
    expect(stdout).not.toContain('Sunny');
    expect(code).toBe(0);
  },
);

/** A run rejected on the command line even though "y" is typed; two tests share this one process. */
let rejecting: ReturnType<typeof run> | undefined;

async function runRejected() {
  await using model = await serveModel(
    callTool('get_weather', '{"city":"\u202EsiraP\u001B[1A"}'),
    reply('As you wish.'),
  );
  const env = { OPENAI_API_KEY: 'k', OPENAI_BASE_URL: model.baseURL };
  return await run(['approval.ts', 'reject'], { input: 'y\n', env });
}

test.concurrent('approval.ts with reject on the command line and "y\\n" typed does not look the weather up', async () => {
  const { code, stdout } = await (rejecting ??= runRejected());

  expect(stdout).toContain('\n   -> Error: Tool call invocation was rejected by user.\nA: As you wish.\n');
  expect(stdout).not.toContain('No weather data');
  expect(code).toBe(0);
});

test.concurrent('approval.ts refuses any other decision before it asks the model', async () => {
  const { code, stdout, stderr } = await run(['approval.ts', 'yes']);

  expect(stderr).toBe('error config_invalid: "yes" is neither approve nor reject. Leave it out to be asked.\n');
  expect([code, stdout]).toEqual([1, '']);
});

test.concurrent('the approval prompt shows the whole call and hides nothing', async () => {
  const { stdout } = await (rejecting ??= runRejected());

  expect(stdout).toContain('The model asks for get_weather({"city":"\\u{202e}siraP\\u{1b}[1A"})\n');
});

test.concurrent('structured-output.ts gets an answer that is data', async () => {
  const { code, stdout } = await run(['structured-output.ts']);

  expect(stdout).toBe(`Q: What is the weather in Tokyo?
text:  {"city":"Tokyo","celsius":15,"umbrella":true}
value: { city: 'Tokyo', celsius: 15, umbrella: true }
Tokyo: 15 degrees, umbrella: yes
`);
  expect(code).toBe(0);
});

test.concurrent('schema-sources.ts shows one JSON Schema for four libraries', async () => {
  const { code, stdout } = await run(['schema-sources.ts']);

  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/: (?=\{)/));
  expect(lines.map(([library]) => library)).toEqual(['zod', 'valibot', 'arktype', 'JSON Schema']);
  expect(new Set(lines.map(([, schema]) => schema))).toEqual(
    new Set([
      '{"type":"object","properties":{"city":{"type":"string","description":"Name of the city, such as Paris"}},"required":["city"]}',
    ]),
  );
  expect(code).toBe(0);
});

test.concurrent.each(['responses', 'chat_completions'])(
  'either-loop.ts prints the same with the loop by hand as with the agent, over %s',
  async (OPENAI_API) => {
    const native = await run(['either-loop.ts'], { env: { OPENAI_API, MAF_NATIVE_EXECUTION: 'true' } });
    const byHand = await run(['either-loop.ts'], { env: { OPENAI_API, MAF_NATIVE_EXECUTION: 'false' } });

    expect(native.stdout).toContain('get_weather({"city":"Tokyo"}) -> Rain, 15°C\n');
    expect(byHand.stdout).toBe(native.stdout);
    expect([native.code, byHand.code]).toEqual([0, 0]);
  },
);
