// The readers of a served stream, on bare sockets: they count events and do nothing else, so that one process can be
// thousands of them.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { questionOf, type Script } from './words.ts';

export interface Asked {
  readonly port: number;
  readonly token: string;
  readonly script: Script;
  readonly conversation: Conversation;
}

/** One that comes along with each question, a new one for each, or one for all: the server keeps the last two. */
export type Conversation = 'sent' | 'new' | 'continued';

const EVENT_END = Buffer.from('\n\n');
const BODY_END = '0\r\n\r\n';
const SESSION = /"sessionId":"([^"]+)"/;

export class Reader {
  events = 0;
  readonly #socket: Socket;
  readonly #asked: Asked;
  #request: string;
  /** The last byte of what came before. */
  #rest: Buffer = Buffer.alloc(0);

  private constructor(socket: Socket, asked: Asked) {
    this.#socket = socket;
    this.#asked = asked;
    this.#request = requestOf(asked, null);
    socket.on('error', () => {});
  }

  static async connect(asked: Asked): Promise<Reader> {
    const socket = connect(asked.port, '127.0.0.1');
    await once(socket, 'connect');
    return new Reader(socket, asked);
  }

  /** Asks, and resolves when the answer has begun; `whole` settles with its end. */
  async ask(): Promise<{ readonly whole: Promise<void> }> {
    const begun = Promise.withResolvers<void>();
    const whole = Promise.withResolvers<void>();
    const onData = (data: Buffer): void => {
      this.#count(data);
      if (this.#asked.conversation === 'continued') this.#continue(String(data));
      begun.resolve();
      if (data.subarray(-BODY_END.length).toString('latin1') !== BODY_END) return;
      this.#socket.off('data', onData);
      whole.resolve();
    };
    this.#socket.on('data', onData);
    this.#socket.write(this.#request);
    await begun.promise;
    return { whole: whole.promise };
  }

  /** From here on it asks in the conversation that the answer names. */
  #continue(data: string): void {
    const [, sessionId] = SESSION.exec(data) ?? [];
    if (sessionId !== undefined) this.#request = requestOf(this.#asked, sessionId);
  }

  #count(data: Buffer): void {
    const read = this.#rest.length === 0 ? data : Buffer.concat([this.#rest, data]);
    let at = read.indexOf(EVENT_END);
    let end = 0;
    for (; at !== -1; at = read.indexOf(EVENT_END, end)) {
      this.events += 1;
      end = at + EVENT_END.length;
    }
    this.#rest = end === read.length ? read.subarray(read.length) : read.subarray(-1);
  }
}

function requestOf({ token, script, conversation }: Asked, sessionId: string | null): string {
  const body = JSON.stringify({
    message: questionOf(script),
    ...(conversation === 'sent' ? { history: [] } : { sessionId }),
  });
  const lines = [
    'POST /chat/stream HTTP/1.1',
    'host: 127.0.0.1',
    `authorization: Bearer ${token}`,
    'content-type: application/json',
    `content-length: ${body.length}`,
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}
