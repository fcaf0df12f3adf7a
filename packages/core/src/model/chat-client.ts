// The seam to a model.

import type { BackgroundClient } from './background-client.ts';
import type { ChatRequest } from './request.ts';
import type { ChatUpdate, ChatUpdates } from './update.ts';

/** One model call. */
export interface ChatCall extends AsyncIterable<ChatUpdate, unknown> {
  [Symbol.asyncIterator](): ChatUpdates;
}

/**
 * A model behind one method. `send` is lazy: nothing leaves before the first pull.
 *
 * The iterator ends normally only when the wire proved the answer finished; anything else rejects with an `AgentError`
 * (`stream_truncated` when the end is missing) or with `request.signal.reason`. `return()` closes the connection at once.
 */
export interface ChatClient<Parameters extends object = object> {
  send(request: ChatRequest<Parameters>): ChatCall;
  /** Set by clients whose service can keep the conversation (`history: 'service'`). */
  readonly serviceHistory?: true;
  /** The third mode, where the service can work without a connection. */
  readonly background?: BackgroundClient;
}
