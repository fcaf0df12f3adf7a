// One reading of one server, in a process of its own: `node measure.js <metric> <server> <store>`.
import { SERVED_METRICS, type ServedMetricName } from './metrics.ts';
import type { ServerName } from './server.ts';
import { startServer } from './start-server.ts';
import type { Kept } from './store.ts';

const [metric, server, kept] = process.argv.slice(2) as [ServedMetricName, ServerName, Kept];
await using served = await startServer(server, kept);
const readings = await SERVED_METRICS[metric](served);
process.send?.(readings);
