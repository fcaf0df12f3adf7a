// Only names on the list reach the server: a page elsewhere that lets its own name point to this machine is not one.
import { AgentError } from '@turnstream/core';
import type { FastifyInstance } from 'fastify';

const LOOPBACK: readonly string[] = ['127.0.0.1', 'localhost', '[::1]'];

/** A host name or an address of this machine itself. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.includes(host.toLowerCase()) || /^(?:::ffff:)?127\.\d+\.\d+\.\d+$|^::1$/.test(host);
}

/** Refuses requests for other hosts with `forbidden`. Without a list, loopback is all there is. */
export function addAllowedHosts(app: FastifyInstance, hosts: readonly string[] = LOOPBACK): void {
  const allowed = new Set(hosts.map((host) => host.toLowerCase()));
  app.addHook('onRequest', async ({ headers: { host = '' }, routeOptions }) => {
    // A load balancer asks by address, and learns nothing else.
    if (routeOptions.config.isHealthCheck === true) return;
    if (!allowed.has(host.replace(/:\d*$/, '').toLowerCase())) {
      throw new AgentError('forbidden', 'This server does not serve the requested host.');
    }
  });
}

declare module 'fastify' {
  interface FastifyContextConfig {
    isHealthCheck?: boolean;
  }
}
