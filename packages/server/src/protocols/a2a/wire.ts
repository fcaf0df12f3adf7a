// What A2A 1.0 sends, as JSON of its protocol buffers: https://github.com/a2aproject/A2A/blob/main/specification/a2a.proto
// Only the members that this server writes or reads.

export type TaskState =
  | 'TASK_STATE_SUBMITTED'
  | 'TASK_STATE_WORKING'
  | 'TASK_STATE_COMPLETED'
  | 'TASK_STATE_FAILED'
  | 'TASK_STATE_CANCELED'
  | 'TASK_STATE_INPUT_REQUIRED'
  | 'TASK_STATE_REJECTED'
  | 'TASK_STATE_AUTH_REQUIRED';

/** Exactly one of the first four. */
export interface Part {
  readonly text?: string;
  /** Base64. */
  readonly raw?: string;
  readonly url?: string;
  readonly data?: unknown;
  readonly mediaType?: string;
}

export interface A2AMessage {
  readonly messageId: string;
  readonly contextId: string;
  readonly taskId: string;
  readonly role: 'ROLE_AGENT' | 'ROLE_USER';
  readonly parts: readonly Part[];
}

export interface TaskStatus {
  readonly state: TaskState;
  readonly message?: A2AMessage;
  /** In UTC, such as `2026-11-28T10:30:00.000Z`. */
  readonly timestamp?: string;
}

export interface Artifact {
  readonly artifactId: string;
  readonly parts: readonly Part[];
}

export type Metadata = Readonly<Record<string, unknown>>;

export interface Task {
  readonly id: string;
  readonly contextId: string;
  readonly status: TaskStatus;
  readonly artifacts?: readonly Artifact[];
  readonly history?: readonly A2AMessage[];
  readonly metadata?: Metadata;
}

interface OfTask {
  readonly taskId: string;
  readonly contextId: string;
}

/** One frame of a stream. */
export type StreamFrame =
  | { readonly task: Task }
  | { readonly statusUpdate: OfTask & { readonly status: TaskStatus; readonly metadata?: Metadata } }
  | {
      readonly artifactUpdate: OfTask & {
        readonly artifact: Artifact;
        /** Whether the parts are added to those that the artifact has. */
        readonly append: boolean;
        readonly lastChunk: boolean;
      };
    };

const TERMINAL: ReadonlySet<TaskState> = new Set([
  'TASK_STATE_COMPLETED',
  'TASK_STATE_FAILED',
  'TASK_STATE_CANCELED',
  'TASK_STATE_REJECTED',
]);

export function isOver(state: TaskState): boolean {
  return TERMINAL.has(state);
}
