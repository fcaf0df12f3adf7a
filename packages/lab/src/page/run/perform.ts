// Carries out one run, in the way its settings say. Never rejects: the run records how it ended.
import { sentBy, streamAnswer, type Where } from '@turnstream/server/chat';
import { ask, type Connection, type PendingApproval } from '@turnstream/server/client';
import type { SeenCall } from '../../model/seen-call.ts';
import { connection, seenByModel } from '../connection.ts';
import { followBackground, pollToItsEnd } from './background.ts';
import { guardName, isGuard, takeFact } from './facts.ts';
import type { Run, SentRequest } from './run.ts';
import { watchedFetch } from './wire.ts';

export interface Performance {
  /** The session to continue; null starts a new one or uses none, depending on the settings. */
  readonly sessionId: string | null;
  /** Called after every change of the run. */
  readonly changed: () => void;
}

export async function perform(run: Run, { sessionId, changed }: Performance): Promise<void> {
  const watched: Connection = { ...connection, fetch: watchedFetch(run, changed) };
  const { mode, session } = run.settings;
  // Without a session its caller keeps the conversation: here an empty one.
  const where: Where = session === 'none' ? { history: [] } : sessionId === null ? {} : { sessionId };
  try {
    if (mode === 'streaming') await streamAnswer(run, watched, where, changed);
    else if (mode === 'full') await askWhole(run, watched, where);
    else await followBackground(run, watched, session === 'none' ? null : sessionId, changed);
  } catch (error) {
    endEarly(run, error);
  }
  changed();
  await witness(run);
  changed();
}

/** Follows a background run that an earlier load of the page began. */
export async function goOn(run: Run, changed: () => void): Promise<void> {
  run.state = 'working';
  run.connectionEndMs = 0;
  try {
    await pollToItsEnd(run, { ...connection, fetch: watchedFetch(run, changed) }, changed);
  } catch (error) {
    endEarly(run, error);
  }
  await witness(run);
  changed();
}

/** What the model saw of it: what it made, and whether it was asked again. */
async function witness(run: Run): Promise<void> {
  run.calls = await seenByModel(run.id).catch(() => []);
  // Without an answer, nothing reported the request, but the model did get it.
  if (run.requests.length === 0) run.requests.push(...run.calls.map((call) => requestOf(run, call)));
  for (const [index, { status, atMs }] of run.calls.entries()) {
    const next = run.calls[index + 1];
    if (status === 429 && next !== undefined)
      run.mark('retry', `asked again after ${Math.round(next.atMs - atMs)} ms`, run.fromServer(next.atMs));
  }
}

function requestOf(run: Run, { instructions, messages, atMs }: SeenCall): SentRequest {
  const blocks = messages.map(({ role, text }) => ({
    role,
    kind: 'text',
    chars: text.length,
    preview: text.slice(0, 300),
  }));
  return { instructions, blocks, atMs: run.fromServer(atMs) };
}

interface WholeAnswer {
  readonly sessionId: string | null;
  readonly text: string;
  readonly usage: Run['usage'];
  readonly approvals: readonly PendingApproval[];
  readonly inspection?: readonly { readonly type: string; readonly atMs: number }[];
}

async function askWhole(run: Run, watched: Connection, where: Where): Promise<void> {
  run.state = 'waiting';
  const body = sentBy(run, where);
  const response = await ask(watched, '/chat', { method: 'POST', body, signal: run.signal });
  const text = await response.text();
  const frame = run.addFrame('json', text);
  const answer = JSON.parse(text) as WholeAnswer;
  run.sessionId = answer.sessionId;
  run.text = answer.text;
  run.usage = answer.usage;
  run.firstMs = frame.atMs;
  run.updates = 1;
  run.ticks.push({ atMs: frame.atMs, serverAtMs: null, frame: frame.number });
  for (const fact of answer.inspection ?? []) takeFact(run, fact);
  for (const approval of answer.approvals) run.takeApproval(approval);
  run.end('done');
}

/** Ends it by an error. The server does not report the guard that ends an answer without events. */
function endEarly(run: Run, error: unknown): void {
  run.fail(error);
  const code = run.problem?.code ?? '';
  const isMarked = run.marks.some(({ kind }) => kind === 'guard');
  if (isGuard(code) && !isMarked) run.mark('guard', `${guardName(code)} after ${Math.round(run.now)} ms`);
}
