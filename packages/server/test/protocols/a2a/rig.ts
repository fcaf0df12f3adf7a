// A server that speaks A2A, and requests in its version as plain HTTP.
import { createParser } from 'eventsource-parser';
import type { StreamFrame, Task } from '../../../src/protocols/a2a/wire.ts';
import { openRig, type Rig, type RigOptions } from '../../app-rig.ts';

const headers = { 'a2a-version': '1.0' };

export interface A2AError {
  readonly code: number;
  readonly status: string;
  readonly message: string;
  readonly details: readonly [{ readonly reason: string; readonly domain: string }];
}

/** What the routes answer, as far as tests read it. */
export interface A2ABody extends Task {
  readonly error: A2AError;
  readonly task: Task;
  readonly tasks: readonly Task[];
  readonly nextPageToken: string;
  readonly totalSize: number;
  readonly pageSize: number;
}

export interface A2ARig extends Rig {
  call(path: string, body?: unknown, method?: string): Promise<{ readonly status: number; readonly body: A2ABody }>;
  /** Sends a message and returns its task. */
  send(message: object, configuration?: object): Promise<Task>;
}

export async function openA2A(options: RigOptions = {}): Promise<A2ARig> {
  const rig = await openRig({ a2a: { description: 'Answers questions.' }, ...options });
  const call: A2ARig['call'] = async (path, body, method = body === undefined ? 'GET' : 'POST') => {
    const response = await rig.post(path, body, { method, headers });
    return { status: response.status, body: (await response.json()) as unknown as A2ABody };
  };
  return {
    ...rig,
    [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose](),
    call,
    send: async (message, configuration = {}) => (await call('/message:send', sent(message, configuration))).body.task,
  };
}

/** A request with a question, or with these members of the message. */
export function sent(message: object, configuration: object = {}): object {
  const asked = { messageId: crypto.randomUUID(), role: 'ROLE_USER', parts: [{ text: 'What is Python?' }], ...message };
  return { message: asked, configuration };
}

/** The frames of a stream, and the name of each. */
export async function framesOf(response: Response): Promise<readonly (StreamFrame & { event?: string })[]> {
  const frames: (StreamFrame & { event?: string })[] = [];
  const parser = createParser({
    onEvent: ({ event, data }) => void frames.push({ ...(event === undefined ? {} : { event }), ...JSON.parse(data) }),
  });
  parser.feed(await response.text());
  return frames;
}

/** The states and texts of frames, in order. */
export function brief(frames: readonly StreamFrame[]): readonly string[] {
  return frames.map((frame) => {
    if ('task' in frame) return frame.task.status.state;
    if ('statusUpdate' in frame) return frame.statusUpdate.status.state;
    return 'artifactUpdate' in frame ? frame.artifactUpdate.artifact.parts.map(({ text }) => text).join('') : 'error';
  });
}
