/** A tool call of the answer. */
export interface ToolUse {
  readonly callId: string;
  name: string;
  status: 'called' | 'done' | 'failed';
  /** Null where the server does not say. */
  arguments: string | null;
  result: string | null;
}
