// Only `done` proves that the answer is complete; an end without it is an error.
import { type EventSourceMessage, EventSourceParserStream } from 'eventsource-parser/stream';

export async function readAnswer(response: Response): Promise<string> {
  let answer = '';
  for await (const { event, data } of events(response)) {
    const payload = JSON.parse(data) as { text: string; message: string };
    if (event === 'update') answer += payload.text;
    if (event === 'error') throw new Error(payload.message);
    if (event === 'done') return answer;
  }
  throw new Error('The connection ended in the middle of the answer.');
}

async function* events({ body }: Response): AsyncGenerator<EventSourceMessage> {
  if (body === null) return;
  yield* body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
}
