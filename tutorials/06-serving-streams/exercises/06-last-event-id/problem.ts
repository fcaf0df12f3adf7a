// Fix: each new connection starts at the first event.
import { type EventSourceMessage, EventSourceParserStream } from 'eventsource-parser/stream';

/** Asks `GET /runs/:id/events` with these headers. */
export type Connect = (headers: Readonly<Record<string, string>>) => Promise<Response>;

/** Shows the run's text until it is done, over as many connections as it takes. */
export async function watch(connect: Connect, show: (text: string) => void): Promise<void> {
  for (;;) {
    const response = await connect({});
    for await (const { event, data } of events(response)) {
      if (event === 'update') show((JSON.parse(data) as { text: string }).text);
      if (event === 'done') return;
    }
  }
}

async function* events({ body }: Response): AsyncGenerator<EventSourceMessage> {
  if (body === null) return;
  yield* body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
}
