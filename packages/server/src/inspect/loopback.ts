// Who may look inside turns: somebody at this machine. Their events hold prompts.
import { AgentError } from '@turnstream/core';
import type { FastifyInstance } from 'fastify';
import { isLoopback } from '../http/hosts.ts';
import { Inspection, inspected } from './inspection.ts';

/**
 * From here on every request is inspected, and one from another machine is refused with `forbidden`. Throws
 * `config_invalid` when the server answers to other names than those of loopback.
 */
export function addInspection(app: FastifyInstance, hosts: readonly string[] = []): void {
  const other = hosts.find((host) => !isLoopback(host));
  if (other !== undefined) {
    throw new AgentError(
      'config_invalid',
      `inspect shows prompts, so it works on loopback only, and hosts names ${other}. Leave one of the two out.`,
    );
  }
  app.addHook('onRequest', async ({ socket }) => {
    if (isLoopback(socket.remoteAddress ?? '')) return;
    throw new AgentError(
      'forbidden',
      'This server shows what it sends to the model, so it answers only its own machine.',
    );
  });
  app.addHook('preHandler', (_request, _reply, done) => inspected(new Inspection(), done));
}
