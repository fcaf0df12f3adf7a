// The agent card, by which clients find the agent: https://a2a-protocol.org/latest/specification/#441-agentcard
import { createHash } from 'node:crypto';
import type { A2AOptions } from '../../options.ts';

const A2A_VERSION = '1.0';

const TEXT = 'text/plain';

export interface CardOf {
  /** Of the agent; null when it has none. */
  readonly name: string | null;
  /** Where the routes are, as clients reach them. */
  readonly url: string;
}

export function agentCard(
  { description, version, skills, inputModes = [] }: A2AOptions,
  { name, url }: CardOf,
): object {
  const called = name ?? 'agent';
  return {
    name: called,
    description,
    version: version ?? '1.0.0',
    supportedInterfaces: [{ url, protocolBinding: 'HTTP+JSON', protocolVersion: A2A_VERSION }],
    capabilities: { streaming: true, pushNotifications: false, extendedAgentCard: false },
    securitySchemes: { bearer: { httpAuthSecurityScheme: { scheme: 'Bearer' } } },
    securityRequirements: [{ schemes: { bearer: { list: [] } } }],
    defaultInputModes: [TEXT, ...inputModes],
    defaultOutputModes: [TEXT],
    // At least one is required.
    skills: skills ?? [{ id: 'chat', name: called, description, tags: ['chat'] }],
  };
}

export function etagOf(card: object): string {
  return `"${createHash('sha256').update(JSON.stringify(card)).digest('base64url')}"`;
}
