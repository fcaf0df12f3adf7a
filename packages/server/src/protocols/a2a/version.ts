// Which version of A2A a request is in: https://a2a-protocol.org/latest/specification/#36-versioning
import type { FastifyRequest } from 'fastify';
import { A2ARefusal } from './refusal.ts';

/** Throws `VERSION_NOT_SUPPORTED` unless the header, or the query parameter, is 1.0. Without both it is 0.3. */
export function checkVersion({ headers, query }: Pick<FastifyRequest, 'headers' | 'query'>): void {
  const asked = textOf(headers['a2a-version']) || textOf((query as Query)['A2A-Version']) || '0.3';
  // A patch version does not count.
  if (/^1\.0(?:\.\d+)?$/.test(asked)) return;
  throw new A2ARefusal(
    'VERSION_NOT_SUPPORTED',
    `This server speaks A2A 1.0, and the request is in ${JSON.stringify(asked.slice(0, 20))}. Send \`A2A-Version: 1.0\`.`,
  );
}

type Query = Readonly<Record<string, unknown>>;

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
