// Who asks: a bearer token of the server's own, a signed one of somebody else's, or whatever the application knows.
import { hash, timingSafeEqual } from 'node:crypto';
import type { FastifyJWTOptions } from '@fastify/jwt';
import { AgentError } from '@turnstream/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { refuseSecond } from './second-plugin.ts';

/** Returns the owner of the request's sessions and runs; null for an unknown caller. */
export type Authenticate = (request: FastifyRequest) => string | null | Promise<string | null>;

/** Who asks: how a request proves its owner. */
export type Identity =
  /** One token, one owner, by default `local`: for a server on your own machine. */
  | { readonly token: string; readonly owner?: string }
  /** JSON Web Tokens, as `@fastify/jwt` takes them. The owner is the claim `sub`. */
  | { readonly jwt: FastifyJWTOptions }
  | { readonly authenticate: Authenticate };

declare module 'fastify' {
  interface FastifyRequest {
    /** The authenticated caller; '' on public routes. Not `owner`, which the application may use for itself. */
    agentOwner: string;
  }
  interface FastifyContextConfig {
    /** For routes without user data. */
    isPublic?: boolean;
  }
}

export interface IdentityOptions {
  readonly identity: Identity;
  /** How many requests without a valid token one IP address may send per minute. More get `rate_limited`. */
  readonly failuresPerMinute: number;
}

/**
 * From here on every request to a route that is not public has an owner before its body is read, or is refused with
 * `auth`. Needs the rate limit plugin.
 */
export async function addIdentity(
  app: FastifyInstance,
  { identity, failuresPerMinute }: IdentityOptions,
): Promise<void> {
  const authenticate = await authenticator(app, identity);
  const countFailure = app.createRateLimit({ max: failuresPerMinute, keyGenerator: ({ ip }) => `no token ${ip}` });
  app.decorateRequest('agentOwner', '');
  app.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.config.isPublic === true) return;
    // At runtime, `authenticate` may return something that its type does not allow.
    const owner: unknown = await authenticate(request);
    // Caches must not store user data.
    void reply.header('cache-control', 'no-store');
    if (owner === null || owner === undefined || owner === '') {
      const failures = await countFailure(request);
      if (!failures.isAllowed && failures.isExceeded) throw tooManyRequests(failures);
      request.log.warn({ ip: request.ip }, 'no valid token');
      void reply.header('www-authenticate', 'Bearer');
      throw new AgentError('auth', 'The request has no valid token. Send `Authorization: Bearer ...`.');
    }
    if (typeof owner !== 'string') {
      throw new AgentError(
        'config_invalid',
        `identity.authenticate returned a value of type ${typeof owner}. Return the owner as a string, or null for an unknown caller.`,
      );
    }
    request.agentOwner = owner;
  });
}

/** The error for exceeding a request rate limit. */
export function tooManyRequests({ max, ttl }: { readonly max: number; readonly ttl: number }): AgentError {
  return new AgentError('rate_limited', `More than ${max} requests in a minute. Wait, then ask again.`, {
    retryAfterMs: ttl,
  });
}

async function authenticator(app: FastifyInstance, identity: Identity): Promise<Authenticate> {
  if ('authenticate' in identity) return identity.authenticate;
  if ('token' in identity) return ownToken(identity.token, identity.owner ?? 'local');
  const { default: fastifyJwt } = await import('@fastify/jwt');
  refuseSecond(app, 'user', '@fastify/jwt', 'use `identity: { authenticate }` instead of `jwt`');
  await app.register(fastifyJwt, identity.jwt);
  return async (request) => {
    try {
      const { sub } = await request.jwtVerify<{ sub?: unknown }>();
      return typeof sub === 'string' ? sub : null;
    } catch {
      return null;
    }
  };
}

const MIN_TOKEN_CHARS = 16;

function ownToken(token: string, owner: string): Authenticate {
  if (token.length < MIN_TOKEN_CHARS) {
    throw new AgentError(
      'config_invalid',
      `The token in "identity" needs at least ${MIN_TOKEN_CHARS} characters, such as crypto.randomUUID() has.`,
    );
  }
  const expected = digest(token);
  return ({ headers: { authorization = '' } }) => {
    const [, sent] = /^Bearer (\S+)$/i.exec(authorization) ?? [];
    return sent !== undefined && timingSafeEqual(digest(sent), expected) ? owner : null;
  };
}

/** Of equal length whatever was sent, so that the comparison takes equal time. */
function digest(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
