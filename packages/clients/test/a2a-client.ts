// `@a2a-js/sdk` as an application uses it: made from the agent card, with a token.
import { type Message, Role, type StreamResponse, type Task, TaskState, taskStateToJSON } from '@a2a-js/sdk';
import {
  type Client,
  ClientFactory,
  ClientFactoryOptions,
  createAuthenticatingFetchWithRetry,
  RestTransportFactory,
} from '@a2a-js/sdk/client';
import { TOKEN } from './served.ts';

export const a2a = { description: 'Knows where orders are.' };

export function clientAt(url: string, token: string = TOKEN): Promise<Client> {
  const fetchImpl = createAuthenticatingFetchWithRetry(fetch, {
    headers: async () => ({ authorization: `Bearer ${token}` }),
    shouldRetryWithHeaders: async () => undefined,
  });
  const transports = [new RestTransportFactory({ fetchImpl })];
  return new ClientFactory({ ...ClientFactoryOptions.default, transports }).createFromUrl(url);
}

export type Sent = Parameters<Client['sendMessage']>[0];

export interface More
  extends Partial<Pick<Message, 'contextId' | 'messageId' | 'parts' | 'referenceTaskIds' | 'taskId'>> {
  readonly configuration?: Partial<NonNullable<Sent['configuration']>>;
}

export function ask(text: string, { configuration, ...more }: More = {}): Sent {
  return {
    tenant: '',
    metadata: undefined,
    message: {
      messageId: crypto.randomUUID(),
      contextId: '',
      taskId: '',
      role: Role.ROLE_USER,
      parts: [part({ $case: 'text', value: text })],
      metadata: undefined,
      extensions: [],
      referenceTaskIds: [],
      ...more,
    },
    configuration: {
      acceptedOutputModes: [],
      taskPushNotificationConfig: undefined,
      returnImmediately: false,
      ...configuration,
    },
  };
}

export function part(content: NonNullable<Message['parts'][number]['content']>): Message['parts'][number] {
  return { content, metadata: undefined, filename: '', mediaType: '' };
}

/** The state of a task, and the text of its answer. */
export function shown(task: Task): readonly [state: string, text: string] {
  return [stateOf(task), task.artifacts.flatMap(({ parts }) => parts.map(textOf)).join('')];
}

/** The texts and states of a stream, in order. */
export function brief(frames: readonly StreamResponse[]): readonly string[] {
  return frames.map(({ payload }) => {
    if (payload?.$case === 'artifactUpdate') return payload.value.artifact?.parts.map(textOf).join('') ?? '';
    if (payload?.$case === 'message' || payload === undefined) return 'unexpected';
    return stateOf(payload.value);
  });
}

export function taskOf({ payload }: StreamResponse): Task {
  if (payload?.$case !== 'task') throw new Error('the first frame has no task');
  return payload.value;
}

/** Sends a message whose answer is a task. */
export async function send(client: Client, sent: Sent): Promise<Task> {
  const answered = await client.sendMessage(sent);
  if ('status' in answered) return answered;
  throw new Error('a message, and no task');
}

/** The words of a status. */
export function wordsOf({ status }: Pick<Task, 'status'>): string {
  return status?.message?.parts.map(textOf).join('') ?? '';
}

/** The data of a status. */
export function dataOf(status: Task['status']): unknown {
  const content = status?.message?.parts.find((each) => each.content?.$case === 'data')?.content;
  return content?.$case === 'data' ? content.value : undefined;
}

function stateOf({ status }: Pick<Task, 'status'>): string {
  return taskStateToJSON(status?.state ?? TaskState.UNRECOGNIZED).replace('TASK_STATE_', '');
}

function textOf({ content }: Message['parts'][number]): string {
  return content?.$case === 'text' ? content.value : '';
}
