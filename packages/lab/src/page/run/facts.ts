// Copies what a server with `inspect` reports about a turn into its run.
import type { Block, Run } from './run.ts';

interface Fact {
  readonly type: string;
  readonly atMs: number;
  readonly [member: string]: unknown;
}

const GUARD_NAMES: Readonly<Record<string, string>> = {
  first_update_timeout: 'first word',
  idle_timeout: 'silence',
  total_timeout: 'wall clock',
  max_bytes: 'byte ceiling',
  disconnect: 'disconnect',
  server_stopping: 'server stopping',
};

/** The name of a guard in the pictures. */
export function guardName(code: string): string {
  return GUARD_NAMES[code] ?? code;
}

export function isGuard(code: string): boolean {
  return Object.hasOwn(GUARD_NAMES, code);
}

export function takeFact(run: Run, fact: Fact): void {
  const atMs = run.fromServer(fact.atMs);
  if (fact.type === 'request') takeRequest(run, fact, atMs);
  else if (fact.type === 'stored') run.stored += Number(fact['messages']);
  else if (fact.type === 'claim') run.mark('claim', `worker ${String(fact['number'])}`, atMs);
  else if (fact.type === 'guard') {
    const after = Math.round(Number(fact['afterMs']));
    run.mark('guard', `${guardName(String(fact['name']))} after ${after} ms`, atMs);
  }
}

function takeRequest(run: Run, fact: Fact, atMs: number): void {
  const blocks = fact['messages'] as readonly Block[];
  const instructions = fact['instructions'] as string | null;
  run.requests.push({ instructions, blocks, atMs });
  showCalls(run, blocks);
}

/** A later request of the same turn shows what was called before it, with arguments and results. */
function showCalls(run: Run, blocks: readonly Block[]): void {
  const asked = blocks.findLastIndex(({ role }) => role === 'user');
  const since = blocks.slice(asked + 1);
  const calls = since.filter(({ kind }) => kind === 'function_call');
  const results = since.filter(({ kind }) => kind === 'function_result');
  if (run.decision !== null && run.requests.length === 1) run.callsBefore = calls.length - run.decision.length;
  for (const [index, { preview: call }] of calls.slice(run.callsBefore).entries()) {
    const name = call.slice(0, call.indexOf(' '));
    // Full answers and background runs report their tools only in requests.
    const tool = (run.tools[index] ??= {
      callId: `call ${index}`,
      name,
      status: 'done',
      arguments: null,
      result: null,
    });
    tool.arguments = call.slice(call.indexOf(' ') + 1);
    tool.result = results[run.callsBefore + index]?.preview ?? tool.result;
  }
}
