// The server resends everything, and the page skips what it has. It works, but costs the whole run each time.
import { type EventSourceMessage, EventSourceParserStream } from 'eventsource-parser/stream';

/** Asks `GET /runs/:id/events` with these headers. */
export type Connect = (headers: Readonly<Record<string, string>>) => Promise<Response>;

/** Shows the run's text until it is done, over as many connections as it takes. */
export async function watch(connect: Connect, show: (text: string) => void): Promise<void> {
  const seen = new Set<string>();
  for (;;) {
    const response = await connect({});
    for await (const { id = '', event, data } of events(response)) {
      if (event === 'update' && !seen.has(id)) show((JSON.parse(data) as { text: string }).text);
      seen.add(id);
      if (event === 'done') return;
    }
  }
}

async function* events({ body }: Response): AsyncGenerator<EventSourceMessage> {
  if (body === null) return;
  yield* body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
}
