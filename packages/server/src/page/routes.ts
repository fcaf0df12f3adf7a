// The page and what it loads. None of it is anybody's data, so it needs no token; what it may do, its policy says.
import type { FastifyInstance, FastifyReply } from 'fastify';
import { compact } from './compact.ts';
import { pageHtml } from './html.ts';
import { extension, IMMUTABLE, importMap, pageModules, versionOf } from './modules.ts';
import { policyFor } from './policy.ts';
import { chatStyles } from './styles.ts';

const config = { isPublic: true, rateLimit: false } as const;
const schema = { hide: true } as const;

export function pageRoutes(maxMessageChars: number) {
  return async function pagePlugin(app: FastifyInstance): Promise<void> {
    const style = `${app.prefix}/page/page.css`;

    const write = (version: string): Page => {
      const base = `${app.prefix}/page/modules/${version}/`;
      const map = importMap(base);
      const facts = { base: app.prefix, modules: `${base}server/page/browser/`, extension, style, importMap: map };
      return { html: pageHtml({ ...facts, maxMessageChars }), policy: policyFor(map) };
    };
    let page: Page | undefined;

    app.get('/', { config, schema }, async (_request, reply) => {
      const { version } = await readModules();
      page ??= write(version);
      void reply.headers({ 'content-security-policy': page.policy, 'cache-control': 'no-store' });
      return send(reply, 'text/html', page.html);
    });
    app.get('/page/page.css', { config, schema }, async (_request, reply) =>
      send(reply, 'text/css', await chatStyles()),
    );
    app.get<ModuleRequest>('/page/modules/:version/*', { config, schema }, async ({ params }, reply) => {
      const { modules, version } = await readModules();
      const text = modules.get(params['*']);
      if (text === undefined) return reply.callNotFound();
      // While servers are replaced one by one, the page may come from another version, so this text must not be cached.
      void reply.header('cache-control', params.version === version ? IMMUTABLE : 'no-store');
      return send(reply, 'text/javascript', text);
    });
  };
}

interface Page {
  readonly html: string;
  readonly policy: string;
}

interface ModuleRequest {
  readonly Params: { readonly version: string; readonly '*': string };
}

interface Modules {
  readonly modules: ReadonlyMap<string, string>;
  readonly version: string;
}

let read: Promise<Modules> | undefined;

/**
 * Once for all servers of the process, and on the first request: on a busy machine, reading them takes longer than
 * Fastify's plugin timeout.
 */
async function readModules(): Promise<Modules> {
  read ??= compactModules();
  try {
    return await read;
  } catch (error) {
    read = undefined;
    throw error;
  }
}

async function compactModules(): Promise<Modules> {
  const modules = new Map([...(await pageModules())].map(([name, text]) => [name, compact(text)]));
  return { modules, version: versionOf(modules) };
}

/** As it is: the serializer of the routes is for JSON. */
function send(reply: FastifyReply, type: string, text: string): FastifyReply {
  return reply
    .type(`${type}; charset=utf-8`)
    .serializer((payload: unknown) => String(payload))
    .send(text);
}
