// Refuses a Fastify plugin that the surrounding application has already registered. Fastify's own error does not name it.
import { AgentError } from '@turnstream/core';
import type { FastifyInstance } from 'fastify';

/** Throws `config_invalid` if requests already have the plugin's decorator. */
export function refuseSecond(app: FastifyInstance, decorator: string, plugin: string, whatToDo: string): void {
  if (!app.hasRequestDecorator(decorator)) return;
  throw new AgentError(
    'config_invalid',
    `Requests already have "${decorator}", probably from ${plugin} of the application: ${whatToDo}.`,
  );
}
