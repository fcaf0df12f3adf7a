// What a table was measured on.
import { spawnSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';

export function machine(nodeVersion: string): string {
  const memory = `${Math.round(totalmem() / 2 ** 30)} GB`;
  const processor = `${availableParallelism()} x ${cpus()[0]?.model ?? 'unknown CPU'}`;
  return `Node ${nodeVersion}, ${process.platform} ${process.arch}, ${processor}, ${memory}, load ${loadavg()[0]?.toFixed(1)}`;
}

export interface NodeToMeasure {
  readonly execPath: string;
  readonly version: string;
}

/** The Node that runs this, or the newest of another major version, which npx fetches. */
export function nodeOf(major: string | undefined): NodeToMeasure {
  if (major === undefined) return { execPath: process.execPath, version: process.versions.node };
  if (!/^\d+$/.test(major)) throw new Error(`--node is ${major}; give a major version, such as 24.`);
  const code = 'console.log(process.execPath, process.versions.node)';
  const { stdout } = spawnSync('npx', ['-y', `node@${major}`, '-e', code], {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  const [execPath, version] = stdout.trim().split(/ (?=[\d.]+$)/);
  if (execPath === undefined || version === undefined) throw new Error(`npx did not start Node ${major}.`);
  return { execPath, version };
}
