// A process for each reading and a model for each process, so that no measurement warms up another.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { MetricName } from './metrics.ts';
import type { PeerName } from './peer.ts';
import type { Readings } from './scene.ts';
import type { Api } from './wire.ts';

/** Runs one metric of one peer, from the compiled files in `directory`. */
export async function readFresh(directory: string, metric: MetricName, peer: PeerName, api: Api): Promise<Readings> {
  const model = fork(join(directory, 'fake-model-process.js'));
  try {
    const [origin] = (await once(model, 'message')) as [string];
    const child = fork(join(directory, 'measure.js'), [metric, peer, api, origin], { execArgv: ['--expose-gc'] });
    let readings: Readings | null = null;
    child.on('message', (message) => (readings = message as Readings));
    await once(child, 'exit');
    if (readings === null) throw new Error(`${metric} of ${peer} (${api}) failed; its error stands above.`);
    return readings;
  } finally {
    if (model.connected) model.disconnect();
  }
}
