// Copies what a server with `inspect` reports about a turn into its run.
import { type InspectedContent, takeCall } from '@turnstream/server/chat';
import type { Run } from './run.ts';

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
  else if (fact.type === 'arguments') takeArguments(run, fact);
  else if (fact.type === 'stored') takeStored(run);
  else if (fact.type === 'claim') run.mark('claim', `worker ${String(fact['number'])}`, atMs);
  else if (fact.type === 'guard') {
    const after = Math.round(Number(fact['afterMs']));
    run.mark('guard', `${guardName(String(fact['name']))} after ${after} ms`, atMs);
  }
}

function takeStored(run: Run): void {
  run.isInSession = true;
  run.timesStored += 1;
}

function takeRequest(run: Run, fact: Fact, atMs: number): void {
  const blocks = fact['messages'] as readonly InspectedContent[];
  const instructions = fact['instructions'] as string | null;
  run.requests.push({ instructions, blocks, atMs });
  showCalls(run, blocks);
}

/** A later request of the same turn shows what was called before it, with arguments and results. */
function showCalls(run: Run, blocks: readonly InspectedContent[]): void {
  const since = blocks.slice(blocks.findLastIndex(({ role }) => role === 'user') + 1);
  for (const block of since) {
    const { callId } = block;
    if (callId === undefined) continue;
    if (run.requests.length === 1 && run.tools.every((tool) => tool.callId !== callId)) run.earlierCalls.add(callId);
    if (!run.earlierCalls.has(callId)) takeCall(run.tool(callId, ''), block);
  }
}

function takeArguments(run: Run, { callId, name, text }: Fact): void {
  const tool = run.tool(String(callId), String(name));
  tool.arguments = (tool.arguments ?? '') + String(text);
}
