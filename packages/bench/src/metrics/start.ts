// From the start of the process to the first streamed word: loading, connecting, asking.
import type { Metric } from '../scene.ts';
import { baseURL } from '../wire.ts';

export const start: Metric = async ({ peer, origin }) => {
  const first = { wallMillis: 0, cpuMillis: 0 };
  const chat = peer(baseURL(origin, 'burst', 20));
  await chat.stream(chat.createSession(), 'Hello?', () => {
    if (first.wallMillis > 0) return true;
    const { user, system } = process.cpuUsage();
    first.wallMillis = performance.now();
    first.cpuMillis = (user + system) / 1000;
    return true;
  });
  return first;
};
