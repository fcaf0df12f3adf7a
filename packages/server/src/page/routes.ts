// The page and what it loads. None of it is anybody's data, so it needs no token; what it may do, its policy says.
import type { FastifyInstance, FastifyReply } from 'fastify';
import { compact } from './compact.ts';
import { pageHtml } from './html.ts';
import { extension, importMap, pageModules } from './modules.ts';
import { policyFor } from './policy.ts';
import { chatStyles } from './styles.ts';

const config = { isPublic: true, rateLimit: false } as const;
const schema = { hide: true } as const;

export function pageRoutes(maxMessageChars: number) {
  return async function pagePlugin(app: FastifyInstance): Promise<void> {
    const base = `${app.prefix}/page/modules/`;
    const map = importMap(base);
    const style = `${app.prefix}/page/page.css`;
    const facts = { base: app.prefix, modules: `${base}server/page/browser/`, extension, style, importMap: map };
    const html = pageHtml({ ...facts, maxMessageChars });
    const policy = policyFor(map);

    app.get('/', { config, schema }, async (_request, reply) =>
      send(reply.header('content-security-policy', policy).header('cache-control', 'no-store'), 'text/html', html),
    );
    app.get('/page/page.css', { config, schema }, async (_request, reply) =>
      send(reply, 'text/css', await chatStyles()),
    );
    app.get<{ Params: { '*': string } }>('/page/modules/*', { config, schema }, async ({ params }, reply) => {
      const text = (await readModules()).get(params['*']);
      return text === undefined ? reply.callNotFound() : send(reply, 'text/javascript', text);
    });
  };
}

let modules: Promise<ReadonlyMap<string, string>> | undefined;

/**
 * Once for all servers of the process, and on the first request: on a busy machine, reading them takes longer than
 * Fastify's plugin timeout.
 */
async function readModules(): Promise<ReadonlyMap<string, string>> {
  modules ??= compactModules();
  try {
    return await modules;
  } catch (error) {
    modules = undefined;
    throw error;
  }
}

async function compactModules(): Promise<ReadonlyMap<string, string>> {
  return new Map([...(await pageModules())].map(([name, text]) => [name, compact(text)]));
}

/** As it is: the serializer of the routes is for JSON. */
function send(reply: FastifyReply, type: string, text: string): FastifyReply {
  return reply
    .type(`${type}; charset=utf-8`)
    .serializer((payload: unknown) => String(payload))
    .send(text);
}
