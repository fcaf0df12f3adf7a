// A plugin with a name. Fastify looks for the name of any other one in every CommonJS module that is loaded, at each
// `register`.
import type { FastifyInstance } from 'fastify';

/** Gives the plugin the name of its function. */
export function named<Plugin extends (app: FastifyInstance, ...rest: never[]) => unknown>(plugin: Plugin): Plugin {
  return Object.assign(plugin, { [Symbol.for('fastify.display-name')]: plugin.name });
}
