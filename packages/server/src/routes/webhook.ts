// POST /webhooks/model: the model's service reports an event. It is verified, handled once, and only triggers a poll.
import type { FastifyInstance } from 'fastify';
import type { VerifyWebhook } from '../options.ts';
import type { ServerStore } from '../store/run-store.ts';

export function webhookRoute({ runs }: ServerStore, verify: VerifyWebhook): (app: FastifyInstance) => Promise<void> {
  return async function webhookPlugin(app) {
    // The signature covers the raw bytes.
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
