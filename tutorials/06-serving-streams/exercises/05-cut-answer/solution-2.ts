// Everything is read first; the name of the last event decides.
import { type EventSourceMessage, EventSourceParserStream } from 'eventsource-parser/stream';

export async function readAnswer(response: Response): Promise<string> {
  const all = await Array.fromAsync(events(response));
  if (all.at(-1)?.event !== 'done') throw new Error('The answer is not whole.');
  return all.map(({ event, data }) => (event === 'update' ? (JSON.parse(data) as { text: string }).text : '')).join('');
}

async function* events({ body }: Response): AsyncGenerator<EventSourceMessage> {
  if (body === null) return;
  yield* body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
}
