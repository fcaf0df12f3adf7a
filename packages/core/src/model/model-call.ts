// One model call: the request made legal, and the client's updates as they come.
import type { ChatClient, ChatRequest, ChatUpdates } from './chat-client.ts';
import { replayable } from './replay.ts';

/** Opens the call; nothing is sent before the first pull. What a service keeps itself is not ours to repair. */
export function callModel(client: ChatClient, request: ChatRequest): ChatUpdates {
  const messages = request.conversation === undefined ? replayable(request.messages) : request.messages;
  return client.send({ ...request, messages })[Symbol.asyncIterator]();
}
