// POST /chat/stream: the answer as it arrives. Whatever ends the stream early closes the model's connection.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { frame } from '../events/frame.ts';
import { SentEvents } from '../events/sent-events.ts';
import type { InspectionEvent, ServerEvent } from '../events/wire.ts';
import { problems } from '../http/schemas.ts';
import { inspection, stamped } from '../inspect/inspection.ts';
import { type Sending, sendEvents } from '../sse/answer-events.ts';
import type { ServerContext } from '../turn/context.ts';
import { type AskedTurn, openTurn, turnBodyOf } from '../turn/request.ts';
import { type StreamProtocol, streamTurn } from '../turn/stream-turn.ts';

export function chatStreamRoute(served: ServerContext): FastifyPluginAsyncZod {
  return async function chatStreamPlugin(app) {
    const inputLimits = served.inputLimits('/chat/stream');
    const schema = { body: turnBodyOf(inputLimits), response: problems };
    app.post('/chat/stream', { schema, bodyLimit: inputLimits.maxBodyBytes }, async (request, reply) => {
      using turn = await openTurn(served, request.agentOwner, request.body);
      await streamTurn(served, { request, reply, turn }, ownProtocol(turn));
    });
  };
}

/** The events for this package's own clients, with consecutive ids. */
function ownProtocol(turn: AskedTurn): StreamProtocol {
  let id = 0;
  const turnInside = inspection();
  const framed = (event: ServerEvent | InspectionEvent): string =>
    frame(String(++id), turnInside === undefined ? event : stamped(event));
  return {
    async send(stream, write) {
      if (turnInside !== undefined) {
        const tell = async (event: InspectionEvent): Promise<void> => write(framed(event));
        turnInside.onEvent = (event) => void tell(event).catch(() => {});
      }
      await sendEvents(stream, { ...sendingOf(turn), send: (event) => write(framed(event)) });
    },
    failed: framed,
  };
}

function sendingOf(turn: AskedTurn): Omit<Sending, 'send'> {
  const sent = new SentEvents();
  // Called in the answer that asked for approval.
  for (const { callId, name } of turn.answered) sent.take({ type: 'tool', callId, name, status: 'called' });
  return {
    sessionId: turn.session?.sessionId ?? null,
    sent,
    expiresAtMs: (response) => turn.approvalsIn(response)?.expiresAtMs ?? null,
  };
}
