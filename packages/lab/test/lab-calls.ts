// What tests ask the process of the lab.
import { lastLane } from './look.ts';
import type { Visit } from './rig.ts';

interface Call {
  readonly endedAtMs: number | null;
  readonly closedEarly: boolean;
}

/** What the model saw of a run. */
export async function callsOf(lab: Visit['lab'], runId: string): Promise<readonly Call[]> {
  const response = await fetch(`${lab.url}/lab/model?turn=${runId}`, {
    headers: { authorization: `Bearer ${lab.token}` },
  });
  return ((await response.json()) as { calls: readonly Call[] }).calls;
}

export async function latestRun({ url, token }: Visit['lab']): Promise<unknown> {
  const response = await fetch(`${url}/runs?limit=1`, { headers: { authorization: `Bearer ${token}` } });
  return ((await response.json()) as { runs: readonly unknown[] }).runs[0];
}

export async function modelIsClosed(visit: Visit): Promise<boolean> {
  const runId = await lastLane(visit).getAttribute('data-run');
  const calls = await callsOf(visit.lab, runId ?? '');
  return calls.length > 0 && calls.every(({ endedAtMs }) => endedAtMs !== null);
}

export async function post(
  { url, token }: Visit['lab'],
  path: string,
  body: unknown,
): Promise<{ status: number; body: unknown }> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const response = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: response.status, body: await response.json() };
}
