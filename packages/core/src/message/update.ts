// One delta of a run. Every field is always present, in one order, so that all updates share one hidden class.
import type { Content, Role } from './message.ts';
import type { ResponseMetadata } from './metadata.ts';
import type { Usage } from './usage.ts';

/** Why the model stopped, in the service's words. Known ones are listed; others pass through. */
export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter' | (string & {});

/** One delta of a streaming run. Joining every `text` gives the text of the whole response. */
export interface AgentResponseUpdate {
  /** The fragment to show, text or refusal; '' when the update only carries metadata, reasoning or commentary. */
  readonly text: string;
  /** All fragments, text included. Empty for role, usage and finish updates. */
  readonly contents: readonly Content[];
  /** Who speaks; null where the service does not repeat it. */
  readonly role: Role | null;
  /** The same for all updates of one message. */
  readonly messageId: string | null;
  /** What the service calls this part of a turn, such as `commentary` or `final_answer`. */
  readonly phase: string | null;
  /** The service's id of the model call; null until it is known. */
  readonly responseId: string | null;
  /** Name of the agent; null when it has none. */
  readonly authorName: string | null;
  /** Why the model stopped, in the last update of a model call; otherwise null. */
  readonly finishReason: FinishReason | null;
  /** The tokens of the model call, once the service reports them; otherwise null. */
  readonly usage: Usage | null;
  /** What the service says about the answer itself; null in most updates. */
  readonly metadata: ResponseMetadata | null;
}
