// One reading, in a process of its own: `node measure.js <metric> <peer> <api> <origin>`.
import { loadPeer } from './load-peer.ts';
import { METRICS, type MetricName } from './metrics.ts';
import type { PeerName } from './peer.ts';
import type { Api } from './wire.ts';

const [metricName, peerName, api, origin] = process.argv.slice(2) as [MetricName, PeerName, Api, string];
const [metric, peer] = await Promise.all([METRICS[metricName](), loadPeer(peerName, api)]);
const readings = await metric({ peer, api, origin });
// Kept connections would hold the process.
process.send?.(readings, () => process.exit());
