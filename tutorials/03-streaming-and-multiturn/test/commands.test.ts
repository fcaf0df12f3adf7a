// The chapter's programs as processes of their own: what they print where, and with which exit code they end.
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { httpError, reply, serveModel, stallAfter } from '@turnstream/testkit';
import { expect, test } from 'vitest';

const chapter = new URL('..', import.meta.url);
const PYTHON =
  'Python is a high-level, interpreted programming language known for its readability and its large standard library.';
const QUESTIONS = ['What is Python in one line?', 'How old is it? Answer with a year only.'];

/** No key, unless a test gives one: an empty variable hides the one in `.env`. */
const noKey = { LLM_PROVIDER: '', LLM_MODEL: '', OPENAI_API_KEY: '', OPENAI_BASE_URL: '', AZURE_OPENAI_ENDPOINT: '' };

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(command: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const [program = '', ...args] = command;
  const { FORCE_COLOR: _, NO_COLOR: __, ...inherited } = process.env;
  return spawn(program, args, { cwd: chapter, env: { ...inherited, ...noKey, NODE: process.execPath, ...env } });
}

/** Runs a program of the chapter to its end. */
async function run(args: readonly string[], { input = '', env = {} } = {}): Promise<Ended> {
  return ended(start([process.execPath, ...args], env), input);
}

async function ended(child: ReturnType<typeof start>, input = ''): Promise<Ended> {
  child.stdin.end(input);
  const code = new Promise<number | null>((resolve) => child.on('close', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, stdout, stderr };
}

test.concurrent('two questions on the command line print what the article prints, and the times beside it', async () => {
  const { code, stdout, stderr } = await run(['main.ts', ...QUESTIONS]);

  expect(stdout).toBe(`\nQ: ${QUESTIONS[0]}\nA: ${PYTHON}\n\nQ: ${QUESTIONS[1]}\nA: 1991\n`);
  expect(stderr.match(/first word \d+ ms, whole answer \d+\.\d s\n/g)).toHaveLength(2);
  expect(stderr).toContain('the demo model on this machine answers');
  expect(stderr).toContain('What to try next');
  expect(code).toBe(0);
});

test.concurrent('questions from a pipe give exactly the answers, one line each', async () => {
  const ran = await run(['main.ts'], { input: `${QUESTIONS.join('\n')}\n` });

  expect(ran).toMatchObject({
    code: 0,
    stdout: `${PYTHON}\n1991\n`,
    stderr: expect.stringMatching(/^No OPENAI_API_KEY .*\n$/),
  });
});

test.concurrent('the smallest chat prints the two answers', async () => {
  const ran = await run(['smallest.ts']);

  expect(ran).toMatchObject({ code: 0, stdout: `${PYTHON}\n1991\n` });
});

test.concurrent('--chat asks for questions, whatever questions come before it, also after the -- that pnpm passes on', async () => {
  const ran = await run(['main.ts', ...QUESTIONS, '--', '--chat'], {
    input: '\nHow old is Python? Answer with a year only.',
  });

  expect(ran).toMatchObject({ code: 0, stdout: '1991\n' });
});

test.concurrent('an empty line from a pipe ends the chat, even while the pipe stays open', async () => {
  const child = start([process.execPath, 'main.ts']);
  const code = new Promise((resolve) => child.on('exit', resolve));

  child.stdin.write('\n');

  expect(await code).toBe(0);
});

test.concurrent('without a session the demo model cannot know what "it" is', async () => {
  const { code, stdout } = await run(['streaming-only.ts']);

  expect(stdout).toContain('I cannot know what "it" is: I was sent 1 message');
  expect(stdout).not.toContain('1991');
  expect(code).toBe(0);
});

test.concurrent('with a session and no streaming the follow-up is understood, and each answer comes all at once', async () => {
  const { code, stdout, stderr } = await run(['session-only.ts']);

  expect(stdout).toBe(`\nQ: ${QUESTIONS[0]}\nA: ${PYTHON}\n\nQ: ${QUESTIONS[1]}\nA: 1991\n`);
  expect(stderr.match(/silent for \d+\.\d s, then everything at once\n/g)).toHaveLength(2);
  expect(code).toBe(0);
});

test.concurrent('the first word is on the screen long before the model is done', async () => {
  await using model = await serveModel(reply(['One ', 'two ', 'three.'], { fault: stallAfter({ chunks: 1 }) }));
  const child = start([process.execPath, 'main.ts'], { OPENAI_API_KEY: 'k', OPENAI_BASE_URL: model.baseURL });
  child.stdin.write('Count\n');

  const first = await new Promise<string>((resolve) => child.stdout.once('data', (data) => resolve(String(data))));
  child.kill();
  await ended(child);

  expect(first).toBe('One ');
});

test.concurrent('a reader that leaves after the first line ends the program silently with exit code 0', async () => {
  const pipeline = '{ "$NODE" main.ts "$QUESTION" "$QUESTION"; echo "exit $?" >&2; } | head -1';

  const { stdout, stderr } = await ended(start(['sh', '-c', pipeline], { QUESTION: 'Tell me a story' }));

  expect(stdout).toBe('\n');
  expect(stderr).toMatch(/exit 0\n$/);
  expect(stderr).not.toMatch(/EPIPE|at .*\.ts/);
});

test.concurrent.each([
  ['questions', ['main.ts', 'Hello?'], ''],
  ['a pipe', ['main.ts'], 'Hello?\n'],
])('a refused key prints one line that names the variable, not the key, with %s', async (_, args, input) => {
  // The service quotes the key that it was sent, which need not look like one, and one that does.
  const message = 'Incorrect API key provided: my-secret-123. It is not sk-secret-456.';
  await using model = await serveModel(httpError(401, { message }));
  const env = { OPENAI_API_KEY: 'my-secret-123', OPENAI_BASE_URL: model.baseURL };

  const ran = await run(args, { input, env });

  expect(ran.code).toBe(1);
  expect(ran.stderr).toMatch(/^error auth: [^\n]* OPENAI_API_KEY[^\n]*\n$/);
  expect(ran.stdout + ran.stderr).not.toContain('secret');
});

test.concurrent('a half-configured provider is one line that lists what is missing', async () => {
  const ran = await run(['main.ts', 'Hello?'], { env: { LLM_PROVIDER: 'azure' } });

  expect(ran).toMatchObject({ code: 1, stdout: '' });
  expect(ran.stderr).toMatch(
    /^error config_invalid: .*AZURE_OPENAI_ENDPOINT, AZURE_OPENAI_KEY .*AZURE_OPENAI_DEPLOYMENT.*\n$/,
  );
});

test.concurrent('an unknown option is misuse: usage on the error output, exit code 2', async () => {
  const ran = await run(['main.ts', '--fast']);

  expect(ran).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('Usage: node main.ts') });
});

test.concurrent('--help is not a misuse', async () => {
  const ran = await run(['main.ts', '--help']);

  expect(ran).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('Usage: node main.ts') });
});

test.concurrent('FORCE_COLOR colors the times even in a pipe, NO_COLOR never does, and the answer is never colored', async () => {
  await using model = await serveModel(reply('Hi.'), reply('Hi.'));
  const env = { OPENAI_API_KEY: 'k', OPENAI_BASE_URL: model.baseURL };

  const forced = await run(['main.ts', 'Hello?'], { env: { ...env, FORCE_COLOR: '1' } });
  const plain = await run(['main.ts', 'Hello?'], { env: { ...env, NO_COLOR: '1' } });

  expect(forced.stderr).toContain('\u001B[2m');
  expect(plain.stderr).not.toContain('\u001B');
  expect([forced.stdout, plain.stdout]).toEqual(['\nQ: Hello?\nA: Hi.\n', '\nQ: Hello?\nA: Hi.\n']);
});
