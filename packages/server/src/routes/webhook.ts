// POST /webhooks/model: the model's service says that something has happened. Proven, once, and then only a reason to look.
import type { FastifyInstance } from 'fastify';
import type { VerifyWebhook } from '../options.ts';
import type { ServerStore } from '../store/run-store.ts';

export function webhookRoute({ runs }: ServerStore, verify: VerifyWebhook): (app: FastifyInstance) => Promise<void> {
  return async (app) => {
    // The signature is over the bytes as they came.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'buffer' }, async (_request: unknown, body: Buffer) => body);
    app.post('/webhooks/model', { config: { isPublic: true, rateLimit: false } }, async ({ body, headers }, reply) => {
      const event = await verify(body instanceof Uint8Array ? body : new Uint8Array(), headers);
      if (event !== null && !(await runs.seenWebhook(event.webhookId)) && event.responseId !== null) {
        await runs.wake(event.responseId);
      }
      return reply.code(204).send();
    });
  };
}
