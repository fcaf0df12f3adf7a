// A process for each reading and a model for each process, so that no measurement warms up another.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import type { Certificate } from './certificate.ts';
import type { MetricName } from './metrics.ts';
import type { PeerName } from './peer.ts';
import type { Readings } from './scene.ts';
import type { ServedMetricName } from './served/metrics.ts';
import type { ServerName } from './served/server.ts';
import type { Kept } from './served/store.ts';
import type { Api } from './wire.ts';

const PACKAGE = resolve(import.meta.dirname, '..');

export interface FreshProcess {
  /** The compiled files. */
  readonly directory: string;
  /** The Node to run them with. */
  readonly execPath: string;
  /** What the model of a metric over TLS shows. */
  readonly certificate: Certificate;
}

/** Runs one metric of one peer. */
export async function readFresh(from: FreshProcess, metric: MetricName, peer: PeerName, api: Api): Promise<Readings> {
  const { cert, key } = from.certificate;
  const overTls = metric.endsWith('-tls');
  const files = overTls ? [cert, key] : [];
  const model = fork(join(from.directory, 'fake-model-process.js'), files, { execPath: from.execPath });
  try {
    const [origin] = (await once(model, 'message')) as [string];
    const child = start(from, 'measure.js', [metric, peer, api, origin], overTls ? { NODE_EXTRA_CA_CERTS: cert } : {});
    return await readingsOf(child, `${metric} of ${peer} (${api})`);
  } finally {
    if (model.connected) model.disconnect();
  }
}

/** Runs one metric of one server. */
export async function readServed(
  from: FreshProcess,
  metric: ServedMetricName,
  server: ServerName,
  kept: Kept,
): Promise<Readings> {
  return readingsOf(start(from, 'served/measure.js', [metric, server, kept]), `${metric} of ${server}`);
}

function start({ directory, execPath }: FreshProcess, file: string, args: readonly string[], env = {}): ChildProcess {
  const options = { cwd: PACKAGE, execPath, execArgv: ['--expose-gc'], env: { ...process.env, ...env } };
  return fork(join(directory, file), args, options);
}

async function readingsOf(child: ChildProcess, what: string): Promise<Readings> {
  let readings: Readings | null = null;
  child.on('message', (message) => (readings = message as Readings));
  await once(child, 'exit');
  if (readings === null) throw new Error(`${what} failed; its error is above.`);
  return readings;
}
