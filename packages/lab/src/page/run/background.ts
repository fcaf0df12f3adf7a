// A background run: started by one request, polled by others. Closing the page does not affect it.
import { AgentError } from '@turnstream/core';
import { ask, type Connection, type PublicRun, startRun } from '@turnstream/server/client';
import { takeServerAway } from '../connection.ts';
import { takeFact } from './facts.ts';
import type { Run } from './run.ts';

const POLL_MS = 250;

type LookedAt = PublicRun & { readonly inspection?: readonly { readonly type: string; readonly atMs: number }[] };

export async function followBackground(
  run: Run,
  watched: Connection,
  sessionId: string | null,
  changed: () => void,
): Promise<void> {
  const { question: message, id: idempotencyKey } = run;
  const begun = await startRun(watched, {
    message,
    sessionId: sessionId ?? undefined,
    idempotencyKey,
    signal: run.signal,
  });
  run.runId = begun.runId;
  run.sessionId = begun.sessionId;
  run.connectionEndMs = run.now;
  run.state = 'queued';
  run.addFrame('json', JSON.stringify(begun));
  changed();
  await pollToItsEnd(run, watched, changed);
}

/** Polls until the run ends; waits for a server that is down. */
export async function pollToItsEnd(run: Run, watched: Connection, changed: () => void): Promise<void> {
  const seen = new Set<string>();
  let isTakenAway = false;
  while (run.isOpen) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    await look(run, watched, seen);
    const { fault } = run.settings;
    if (run.state === 'working' && !isTakenAway && (fault === 'crash' || fault === 'restart')) {
      isTakenAway = true;
      void takeServerAway(fault);
    }
    changed();
  }
}

async function look(run: Run, watched: Connection, seen: Set<string>): Promise<void> {
  try {
    const text = await (await ask(watched, `/runs/${run.runId ?? ''}`)).text();
    if (run.state === 'reconnecting') run.mark('back', 'the server is back');
    run.mark('poll', `poll ${run.marks.filter(({ kind }) => kind === 'poll').length + 1}`);
    run.addFrame('json', text);
    take(run, JSON.parse(text) as LookedAt, seen);
  } catch (error) {
    const isAway =
      error instanceof AgentError && ['connection_failed', 'server_stopping', 'overloaded'].includes(error.code);
    if (!isAway) throw error;
    if (run.state !== 'reconnecting') run.mark('lost', 'the server is away');
    run.state = 'reconnecting';
  }
}

function take(run: Run, looked: LookedAt, seen: Set<string>): void {
  const { state, text, end, approvals, inspection = [] } = looked;
  for (const fact of inspection) {
    const key = `${fact.type} ${fact.atMs}`;
    if (!seen.has(key)) takeFact(run, fact);
    seen.add(key);
  }
  run.approvals = approvals;
  // What it said before it asked for consent.
  if (approvals.length > 0) run.text = text;
  if (end === null) {
    run.state = state === 'queued' ? 'queued' : 'working';
    return;
  }
  if (text !== '') takeWhole(run);
  run.takeEnd(looked);
}

/** All of it arrived with the last poll. */
function takeWhole(run: Run): void {
  run.firstMs = run.now;
  run.updates = 1;
  run.ticks.push({ atMs: run.now, serverAtMs: null, frame: run.framesDropped + run.frames.length });
}
