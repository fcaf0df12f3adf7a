// Build: read an answer from the wire, and notice when a part of it is missing.
import { type EventSourceMessage, EventSourceParserStream } from 'eventsource-parser/stream';

export async function readAnswer(response: Response): Promise<string> {
  for await (const { event, data } of events(response)) {
    throw new Error(`TODO: read the event ${event} with ${data}, and those that follow`);
  }
  return '';
}

async function* events({ body }: Response): AsyncGenerator<EventSourceMessage> {
  if (body === null) return;
  yield* body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
}
