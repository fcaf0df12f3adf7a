// Starts a program and keeps quiet about what it prints, unless it fails. Several may run at once.
import { spawn } from 'node:child_process';
import { delimiter, resolve } from 'node:path';

/** Resolves with what the program printed. Rejects with the same text when it fails. */
export async function run(command: string, args: readonly string[], cwd: string): Promise<string> {
  const env = { ...process.env, PATH: `${resolve('node_modules/.bin')}${delimiter}${process.env['PATH'] ?? ''}` };
  const child = spawn(command, args, {
    cwd,
    env,
    shell: process.platform === 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (printed += text));
  const status = await new Promise((done, fail) => child.once('error', fail).once('close', done));
  if (status === 0) return printed;
  throw new Error(`"${command} ${args.join(' ')}" ended with exit status ${String(status)} in ${cwd}:\n${printed}`);
}
