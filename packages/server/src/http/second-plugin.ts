// A plugin of Fastify that the application around has registered: a second one cannot be, and Fastify's error names neither.
import { AgentError } from '@turnstream/core';
import type { FastifyInstance } from 'fastify';

/** Throws `config_invalid` if requests have the decorator of the plugin. */
export function refuseSecond(app: FastifyInstance, decorator: string, plugin: string, whatToDo: string): void {
  if (!app.hasRequestDecorator(decorator)) return;
  throw new AgentError(
    'config_invalid',
    `Requests already have "${decorator}", by ${plugin} of the application: ${whatToDo}.`,
  );
}
