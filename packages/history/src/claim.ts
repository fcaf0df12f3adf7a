// One writer at a time on a name, among processes of one machine. A writer that died blocks nobody.
import { createHash, randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AgentError } from '@turnstream/core';
import { onDisk } from './disk-error.ts';
import { NameQueue } from './name-queue.ts';
import { createPrivate, hasCode, removeFile } from './private-file.ts';

/** A claim lasts as long as one append, a few milliseconds. A wait of seconds means that something is stuck. */
const PATIENCE_MS = 5_000;
const LONGEST_PAUSE_MS = 20;

const HOST = createHash('sha256').update(hostname()).digest('hex').slice(0, 16);
const STARTED_AT_MS = Math.round(Date.now() - process.uptime() * 1_000);
/** How far two threads of one process may be apart in what they take for its start. */
const START_TOLERANCE_MS = 2_000;

const queue = new NameQueue();

/**
 * Runs `work` while no other claim on the name exists: first come first served within the process, then against other
 * processes. Rejects with `session_busy` when another process does not let go.
 */
export function withClaim<T>(directory: string, name: string, work: () => Promise<T>): Promise<T> {
  return queue.run(join(directory, name), () => onDisk(directory, () => claimed(directory, name, work)));
}

// Each writer puts down a file of its own and then looks for others: of two, the one that looks later sees the other.
// It never takes over a file, so there is no moment in which two could take over the same one.
async function claimed<T>(directory: string, name: string, work: () => Promise<T>): Promise<T> {
  const claims = join(directory, '.claims');
  const deadline = performance.now() + PATIENCE_MS;
  for (let pauseMs = 1; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    const own = [name, HOST, process.pid, STARTED_AT_MS, randomUUID()].join('.');
    await (await createPrivate(join(claims, own), claims, 'create')).close();
    try {
      const other = await otherClaim(claims, name, own);
      if (other === null) return await work();
      if (performance.now() > deadline) throw busy(join(claims, other));
    } finally {
      await removeFile(join(claims, own));
    }
    await delay(pauseMs * Math.random());
  }
}

async function otherClaim(claims: string, name: string, own: string): Promise<string | null> {
  for (const claim of await readdir(claims)) {
    if (claim === own || !claim.startsWith(`${name}.`)) continue;
    if (isLive(claim)) return claim;
    await removeFile(join(claims, claim));
  }
  return null;
}

/** False when the process that made the claim is gone for certain. What another machine runs cannot be known. */
function isLive(claim: string): boolean {
  const [, host, pid, startedAtMs] = claim.split('.');
  if (host !== HOST) return true;
  // In a container each start gets the same process id.
  if (Number(pid) === process.pid) return Math.abs(Number(startedAtMs) - STARTED_AT_MS) < START_TOLERANCE_MS;
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    return !hasCode(error, 'ESRCH');
  }
}

function busy(file: string): AgentError {
  return new AgentError(
    'session_busy',
    `Another process has been writing for ${PATIENCE_MS} ms and holds ${file}. Try again; if that process is gone, delete the file.`,
  );
}
