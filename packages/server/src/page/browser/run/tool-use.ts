// A tool call of an answer, and what is known of it.
import type { InspectedContent } from '../../../events/wire.ts';

/** A tool call of the answer. */
export interface ToolUse {
  readonly callId: string;
  name: string;
  status: 'called' | 'done' | 'failed';
  /** Null where the server does not say. */
  arguments: string | null;
  result: string | null;
}

/** A call or its result, as a request or a session shows it. */
export function takeCall(tool: ToolUse, { kind, preview, failed }: InspectedContent): void {
  if (kind === 'function_call') {
    tool.name = preview.slice(0, preview.indexOf(' '));
    tool.arguments ??= preview.slice(tool.name.length + 1);
  } else {
    tool.result = preview;
    tool.status = failed === true ? 'failed' : 'done';
  }
}
