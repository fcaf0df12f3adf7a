// The agent as a Fastify plugin: who may ask, what is taken on, the routes, and the workers of background runs.
import fastifyRateLimit from '@fastify/rate-limit';
import fastifySwagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { addCors } from './http/cors.ts';
import { addErrorAnswers } from './http/errors.ts';
import { addAllowedHosts } from './http/hosts.ts';
import { addIdentity, tooManyRequests } from './http/identity.ts';
import { named } from './http/named.ts';
import { addJson, schemaError } from './http/request-body.ts';
import { securityHeaders } from './http/security-headers.ts';
import { addInspection } from './inspect/loopback.ts';
import type { AgentServerOptions } from './options.ts';
import { pageRoutes } from './page/routes.ts';
import { chatRoute } from './routes/chat.ts';
import { chatStreamRoute } from './routes/chat-stream.ts';
import { healthRoutes } from './routes/health.ts';
import { rewindRoute } from './routes/rewind.ts';
import { runApprovalsRoute } from './routes/run-approvals.ts';
import { runEventsRoute } from './routes/run-events.ts';
import { runRoutes } from './routes/runs.ts';
import { sessionRoutes } from './routes/sessions.ts';
import { webhookRoute } from './routes/webhook.ts';
import { ServerContext } from './turn/context.ts';
import { refuseSharedStore } from './turn/one-agent.ts';
import { startWorkers } from './worker/start.ts';
import { startUpkeep } from './worker/upkeep.ts';

/**
 * Serves the agent under the plugin's prefix. The HTTP server's own limits are `createApp`'s, or `httpOptions()` for an
 * application that makes its own Fastify. Several agents on one server: register it once for each, under a prefix and on a
 * store of its own; a store that another agent of the server uses is `config_invalid`.
 */
export async function agentServer(app: FastifyInstance, options: AgentServerOptions): Promise<void> {
  refuseSharedStore(app, options);
  const served = new ServerContext(options, app.log);
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  // Forms on other sites may send text without a preflight, and the surrounding application may parse bodies its own way.
  app.removeAllContentTypeParsers();
  addJson(app, 'application/json');
  app.setSchemaErrorFormatter(schemaError);
  addErrorAnswers(app);
  addAllowedHosts(app, options.hosts);
  if (options.inspect === true) addInspection(app, options.hosts);
  if (options.cors !== undefined) await addCors(app, options.cors.origins);
  await addProtections(app, served);
  await addIdentity(app, { identity: options.identity, failuresPerMinute: served.ceilings.requestsPerMinute });
  await addDescription(app);

  await app.register(named(healthRoutes(served)));
  await app.register(named(chatRoute(served)));
  await app.register(named(chatStreamRoute(served)));
  await app.register(named(sessionRoutes(served)));
  await app.register(named(rewindRoute(served)));
  await app.register(named(runRoutes(served, options.callbacks)));
  await app.register(named(runApprovalsRoute(served)));
  await app.register(named(runEventsRoute(served)));
  if (options.webhook !== undefined) await app.register(named(webhookRoute(served.store, options.webhook)));
  await addProtocols(app, served, options);
  if (options.page === true) await app.register(named(pageRoutes(served.inputLimits('/chat/stream').maxMessageChars)));
  const stopWorkers = served.agent.worksInBackground
    ? await startWorkers(app, served, options.callbacks)
    : async () => {};
  const stopUpkeep = startUpkeep(app, served);
  addShutdown(app, served, async () => void (await Promise.all([stopWorkers(), stopUpkeep()])));
}

/** Each loads only when it is turned on: together they are nearly half of this package. */
async function addProtocols(
  app: FastifyInstance,
  served: ServerContext,
  { ui, openai, a2a, agui }: AgentServerOptions,
): Promise<void> {
  if (ui !== undefined) {
    const { uiRoutes } = await import('./protocols/ui/routes.ts');
    await app.register(named(uiRoutes(served, ui)));
  }
  if (openai !== undefined) {
    const { openaiRoutes } = await import('./protocols/openai/routes.ts');
    await app.register(named(openaiRoutes(served, openai)));
  }
  if (a2a !== undefined) {
    const { a2aRoutes } = await import('./protocols/a2a/routes.ts');
    await app.register(named(a2aRoutes(served, a2a)));
  }
  if (agui !== undefined) {
    const { aguiRoute } = await import('./protocols/agui/route.ts');
    await app.register(named(aguiRoute(served, agui)));
  }
}

/**
 * On close, Node's server waits for every connection with an open request but no longer enforces its timeouts, so a
 * request that never ends would keep the process alive. Runs are released first, whatever the connections do.
 */
function addShutdown(app: FastifyInstance, served: ServerContext, stopWork: () => Promise<void>): void {
  app.addHook('preClose', async () => {
    // Open streams get a last event.
    served.stop();
    await stopWork();
    // The server closes next: remaining connections have this long.
    const cut = setTimeout(() => app.server.closeAllConnections(), served.ceilings.shutdownMs).unref();
    app.server.once('close', () => clearTimeout(cut));
  });
}

async function addProtections(app: FastifyInstance, { ceilings }: ServerContext): Promise<void> {
  const headers = securityHeaders();
  app.addHook('onRequest', (_request, reply, done) => {
    void reply.headers(headers);
    done();
  });
  await app.register(fastifyRateLimit, {
    max: ceilings.requestsPerMinute,
    timeWindow: 60_000,
    // After the hook that finds the owner: hooks of a route run after those of the instance.
    keyGenerator: ({ agentOwner: owner, ip }) => (owner === '' ? `ip ${ip}` : `owner ${owner}`),
    errorResponseBuilder: (_request, limit) => tooManyRequests(limit),
  });
}

async function addDescription(app: FastifyInstance): Promise<void> {
  await app.register(fastifySwagger, {
    openapi: { openapi: '3.1.0', info: { title: 'Turnstream agent', version: '1' } },
    transform: jsonSchemaTransform,
  });
  app.get('/openapi.json', { config: { isPublic: true }, schema: { hide: true } }, async () => app.swagger());
}
