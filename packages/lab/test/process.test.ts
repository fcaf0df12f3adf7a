// The lab as a process: what it prints, whom it answers, and that it stops.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { OpenAIResponsesClient } from '@turnstream/openai';
import { pageModules } from '@turnstream/server/page';
import { httpError, reply, serveModel } from '@turnstream/testkit';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { parseAst } from 'vitest/node';
import { type Lab, startLab } from '../src/lab.ts';
import { commandLine } from '../src/process/command-line.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

let lab: Lab;

beforeAll(async () => {
  lab = await startLab();
});

afterAll(() => lab[Symbol.asyncDispose]());

test('it prints its address, answers there, and ends with Ctrl-C', async () => {
  const started = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, '--no-open'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(started.stdout), 'line')) as [string];
  const address = /http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]+$/.exec(line)?.[0] ?? '';

  const { status } = await fetch(address);
  started.kill('SIGINT');
  const [code] = (await once(started, 'exit')) as [number | null];

  expect(status).toBe(200);
  expect(code).toBe(0);
});

test('a port that is taken is named', async () => {
  const { port } = new URL(lab.url);

  const second = startLab({ port: Number(port) });

  await expect(second).rejects.toMatchObject({
    code: 'config_invalid',
    message: `Cannot listen on port ${port} (EADDRINUSE). Choose another one.`,
  });
});

test('a number that is not a port is config_invalid and named', async () => {
  const started = startLab({ port: 70_000 });

  await expect(started).rejects.toMatchObject({
    code: 'config_invalid',
    message: 'Cannot listen on port 70000 (ERR_SOCKET_BAD_PORT). Choose another one.',
  });
});

test('the command line sets the port and whether the browser opens', () => {
  expect(commandLine(['--no-open', '--port', '3000'])).toEqual({ opensBrowser: false, port: 3000 });
});

test.for([
  [['--prot', '3000'], "Unknown option '--prot'. Usage: npx -y pnpm@12 lab [--no-open] [--port 3000]"],
  [['--port', 'abc'], "Option '--port' is 'abc', which is not a number. Usage: npx -y pnpm@12 lab"],
  [['3000'], "Unexpected argument '3000'. This command does not take positional arguments. Usage: npx -y pnpm@12 lab"],
] as const)('%j is refused with the usage', ([args, message]) => {
  expect(() => commandLine(args)).toThrow(
    expect.objectContaining({ code: 'config_invalid', message: expect.stringContaining(message) }),
  );
});

test.for(['/lab/about', '/lab/model?turn=x', '/sessions'])('without a token, %s tells nothing', async (path) => {
  const { status } = await fetch(lab.url + path);

  expect(status).toBe(401);
});

test('a page of another name that points here is refused', async () => {
  const [{ statusCode }] = (await once(get(lab.url, { headers: { host: 'evil.example' } }), 'response')) as [
    IncomingMessage,
  ];

  expect(statusCode).toBe(403);
});

test('with a live model beside it, each turn asks the one that it names', async () => {
  await using model = await serveModel(reply('Live.'));
  const client = new OpenAIResponsesClient({ model: 'gpt-4.1', apiKey: 'sk-test', baseURL: model.baseURL });
  await using both = await startLab({ live: { client, name: 'gpt-4.1' } });

  const live = await ask(both, 'Hello.', 'one none responses live');
  const demo = await ask(both, 'Hello.', 'two none responses demo');

  expect([live, demo]).toEqual(['Live.', 'Hello. What would you like to know?']);
});

test('when the live model refuses its key, the terminal shows why', async () => {
  await using model = await serveModel(httpError(401));
  const client = new OpenAIResponsesClient({ model: 'gpt-4.1', apiKey: 'none', baseURL: model.baseURL });
  await using both = await startLab({ live: { client, name: 'gpt-4.1' } });
  using stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);

  const answer = await ask(both, 'Hello.', 'one none responses live');

  expect(answer).toBeUndefined();
  expect(stderr.mock.calls.map(([line]) => JSON.parse(String(line)) as unknown)).toEqual([
    expect.objectContaining({ level: 50, cause: 'auth' }),
  ]);
});

test('without a key a turn that names the live model is refused', async () => {
  const answer = await ask(lab, 'Hello.', 'one none responses live');

  expect(answer).toBeUndefined();
});

test('the page and all it loads come from the lab, and stay small', async () => {
  const html = await (await fetch(lab.url)).text();
  const css = await (await fetch(`${lab.url}/lab/page.css`)).text();

  const script = await everyModule(lab.url, `${await modulesOf(lab.url)}lab/main.ts`);

  expect(html).not.toMatch(/(?:src|href)="(?!\/|data:,)/);
  expect([...script.values()].join('')).not.toMatch(/https?:\/\/(?!www\.w3\.org|html\.spec)/);
  expect(gzipSync(css).length).toBeLessThan(12 * 1024);
  const size = [...script.values()].reduce((sum, text) => sum + gzipSync(text).length, 0);
  expect(size).toBeLessThan(60 * 1024);
});

test('a browser keeps the modules of the page, and asks for the page each time', async () => {
  const answers = await Promise.all([fetch(lab.url), fetch(`${lab.url}${await modulesOf(lab.url)}lab/main.ts`)]);

  expect(answers.map(({ headers }) => headers.get('cache-control'))).toEqual([
    'no-store',
    'public, max-age=31536000, immutable',
  ]);
});

test('a served module is the program that it was before comments and indentation left it', async () => {
  const whole = await pageModules({ 'lab/': new URL('../src/page/', import.meta.url) }, ['ui-transport', 'watch-run']);
  const modules = await modulesOf(lab.url);
  const changed: string[] = [];

  for (const [name, text] of whole) {
    const served = await (await fetch(lab.url + modules + name)).text();
    if (programIn(served) !== programIn(text)) changed.push(name);
  }

  expect(changed).toEqual([]);
});

/** Where its modules are. */
async function modulesOf(url: string): Promise<string> {
  const html = await (await fetch(url)).text();
  return /src="(.*)lab\/main\.ts"/.exec(html)?.[1] ?? '';
}

/** Its syntax tree without places. */
function programIn(text: string): string {
  return JSON.stringify(parseAst(text), (key, value: unknown) =>
    key === 'start' || key === 'end' ? undefined : value,
  );
}

/** The modules that a browser loads for this one, by their paths. */
async function everyModule(url: string, entry: string): Promise<ReadonlyMap<string, string>> {
  const html = await (await fetch(url)).text();
  const map = /<script type="importmap">(.*?)<\/script>/.exec(html)?.[1] ?? '{}';
  const { imports } = JSON.parse(map) as { readonly imports: Readonly<Record<string, string>> };
  const modules = new Map<string, string>();
  const waiting = [entry];
  for (const path of waiting) {
    if (modules.has(path)) continue;
    const text = await (await fetch(url + path)).text();
    modules.set(path, text);
    for (const [, name = ''] of text.matchAll(/^(?:import|export)\b[^'"]*?from\s*['"]([^'"]+)['"]/gm))
      waiting.push(imports[name] ?? new URL(name, url + path).pathname);
  }
  return modules;
}

async function ask({ url, token }: Lab, message: string, turn: string): Promise<string | undefined> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'x-lab-turn': turn };
  const response = await fetch(`${url}/chat`, { method: 'POST', headers, body: JSON.stringify({ message }) });
  return ((await response.json()) as { text?: string }).text;
}
