// POST /chat/stream: the answer while it comes. Whatever ends the stream early closes the model's connection.
import type { AgentResponse } from '@turnstream/core';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { SentEvents } from '../events/sent-events.ts';
import type { InspectionEvent, ServerEvent } from '../events/wire.ts';
import { problems } from '../http/schemas.ts';
import { inspection, stamped } from '../inspect/inspection.ts';
import { type AnswerStream, eventsOf } from '../sse/answer-events.ts';
import { ReaderGone, readerGone, SseWriter } from '../sse/writer.ts';
import type { ServerContext } from '../turn/context.ts';
import { type AskedTurn, openTurn, turnBodyOf } from '../turn/request.ts';

export function chatStreamRoute(served: ServerContext): FastifyPluginAsyncZod {
  return async (app) => {
    const inputLimits = served.inputLimits('/chat/stream');
    const schema = { body: turnBodyOf(inputLimits), response: problems };
    app.post('/chat/stream', { schema, bodyLimit: inputLimits.maxBodyBytes }, async (request, reply) => {
      using turn = await openTurn(served, request.owner, request.body);
      const gone = readerGone(reply.raw);
      const { input, session } = turn;
      const { agent, stopping, guards: limits, ceilings } = served;
      const signal = AbortSignal.any([gone, stopping]);
      const stream = agent.runStreaming(input, { session: session ?? undefined, signal, limits });
      reply.hijack();
      const sse = new SseWriter(reply.raw, { gone, stopping, headers: reply.getHeaders(), ...ceilings });
      let id = 0;
      const turnInside = inspection();
      const write = (event: ServerEvent | InspectionEvent): Promise<void> =>
        sse.write(String(++id), turnInside === undefined ? event : stamped(event));
      if (turnInside !== undefined) turnInside.onEvent = (event) => void write(event).catch(() => {});
      try {
        for await (const event of eventsFor(turn, stream)) await write(event);
        request.log.info({ sessionId: session?.sessionId, events: id }, 'stream done');
      } catch (error) {
        const end = turn.endFor(error);
        request.log.info(
          { sessionId: session?.sessionId, events: id, ...endedBy(error, end.code) },
          'stream ended early',
        );
        if (!gone.aborted) await write(end).catch(() => {});
      } finally {
        sse.end();
      }
    });
  };
}

function eventsFor(turn: AskedTurn, stream: AnswerStream): AsyncIterable<ServerEvent> {
  const sent = new SentEvents();
  // Called in the answer that asked for approval.
  for (const { callId, name } of turn.answered) sent.take({ type: 'tool', callId, name, status: 'called' });
  const expiresAtMs = (response: Pick<AgentResponse, 'approvals'>): number | null =>
    turn.approvalsIn(response)?.expiresAtMs ?? null;
  return eventsOf(stream, turn.session?.sessionId ?? null, sent, expiresAtMs);
}

function endedBy(error: unknown, code: string): object {
  return { by: error instanceof ReaderGone ? 'reader' : code };
}
