// One task as its clients see it: what it was asked, its answer as an artifact, its state, and the frames that change them.
import type { Outcome } from './outcome.ts';
import {
  type A2AMessage,
  type Artifact,
  isOver,
  type Part,
  type StreamFrame,
  type Task,
  type TaskState,
  type TaskStatus,
} from './wire.ts';

const ANSWER = 'answer';

export interface TaskHead {
  readonly id: string;
  readonly contextId: string;
  readonly question: string;
}

export interface TaskSoFar {
  readonly text?: string;
  readonly outcome: Outcome;
  /** When the state was entered, in milliseconds since 1970; null when that is not stored. */
  readonly atMs?: number | null;
}

export interface TaskShape {
  /** At most this many messages; null for all. */
  readonly historyLength?: number | null | undefined;
  readonly includeArtifacts?: boolean | undefined;
}

export class TaskView {
  readonly #head: TaskHead;
  #text: string;
  #files: readonly Artifact[] = [];
  #outcome: Outcome;
  #status: TaskStatus;
  /** Whether the client's copy of the answer is continued or replaced by the next text. */
  #continues: boolean;

  constructor(head: TaskHead, { text = '', outcome, atMs = Date.now() }: TaskSoFar) {
    this.#head = head;
    this.#text = text;
    this.#continues = text !== '';
    this.#outcome = outcome;
    this.#status = statusOf(head, outcome, atMs);
  }

  get contextId(): string {
    return this.#head.contextId;
  }

  get id(): string {
    return this.#head.id;
  }

  get state(): TaskState {
    return this.#status.state;
  }

  /** Some more of the answer. */
  say(text: string): readonly StreamFrame[] {
    if (text === '') return [];
    const append = this.#continues;
    this.#text = append ? this.#text + text : text;
    this.#continues = true;
    return [this.#artifact({ artifactId: ANSWER, parts: [{ text }] }, { append, lastChunk: false })];
  }

  /** The next text takes the place of the answer so far. */
  restart(): void {
    this.#text = '';
    this.#continues = false;
  }

  /** A file that the model made. */
  attach(part: Part): readonly StreamFrame[] {
    const artifact = { artifactId: `file-${this.#files.length + 1}`, parts: [part] };
    this.#files = [...this.#files, artifact];
    return [this.#artifact(artifact, { append: false, lastChunk: true })];
  }

  /** Changes the state. After the last one, nothing is added to the answer. */
  enter(outcome: Outcome): readonly StreamFrame[] {
    this.set(outcome);
    const isWhole = isOver(outcome.state) && this.#continues;
    const last = { artifactId: ANSWER, parts: [{ text: '' }] };
    const { metadata } = outcome;
    return [
      ...(isWhole ? [this.#artifact(last, { append: true, lastChunk: true })] : []),
      {
        statusUpdate: { ...this.#ofTask, status: this.#status, ...(metadata === undefined ? {} : { metadata }) },
      },
    ];
  }

  set(outcome: Outcome, atMs: number | null = Date.now()): void {
    this.#outcome = outcome;
    this.#status = statusOf(this.#head, outcome, atMs);
  }

  task({ historyLength = null, includeArtifacts = true }: TaskShape = {}): Task {
    const { id, contextId } = this.#head;
    const { metadata } = this.#outcome;
    return {
      id,
      contextId,
      status: this.#status,
      ...(includeArtifacts ? { artifacts: this.#artifacts() } : {}),
      ...(historyLength === 0 ? {} : { history: [question(this.#head)] }),
      ...(metadata === undefined ? {} : { metadata }),
    };
  }

  #artifacts(): readonly Artifact[] {
    const answer = { artifactId: ANSWER, parts: [{ text: this.#text }] };
    return this.#text === '' ? this.#files : [answer, ...this.#files];
  }

  #artifact(artifact: Artifact, how: { readonly append: boolean; readonly lastChunk: boolean }): StreamFrame {
    return { artifactUpdate: { ...this.#ofTask, artifact, ...how } };
  }

  get #ofTask(): { readonly taskId: string; readonly contextId: string } {
    return { taskId: this.#head.id, contextId: this.#head.contextId };
  }
}

function question(head: TaskHead): A2AMessage {
  return messageOf(head, 'question', { role: 'ROLE_USER', parts: [{ text: head.question }] });
}

function statusOf(head: TaskHead, { state, says }: Outcome, atMs: number | null): TaskStatus {
  return {
    state,
    ...(says === undefined ? {} : { message: messageOf(head, says.key, { role: 'ROLE_AGENT', parts: says.parts }) }),
    ...(atMs === null ? {} : { timestamp: new Date(atMs).toISOString() }),
  };
}

function messageOf({ id, contextId }: TaskHead, key: string, said: Pick<A2AMessage, 'parts' | 'role'>): A2AMessage {
  return { messageId: `${id}-${key}`, contextId, taskId: id, ...said };
}
