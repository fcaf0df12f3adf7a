// A ChatClient whose service keeps the conversation, reduced to whole answers, with a switch for each way to lose it.
import { type ChatClient, textOf } from '@turnstream/core';
import { type ChatRequest, type ChatUpdate, chatUpdate } from '@turnstream/core/seams';
import type { ClientTarget } from '../../src/contracts/index.ts';

export type ServiceMutant = 'returns no id' | 'does not send the id' | 'replays what the service knows';

export function serviceHistoryClient(target: ClientTarget, mutant: ServiceMutant | null = null): ChatClient {
  return { serviceHistory: true, send: (request) => updatesOf(target, request, mutant) };
}

async function* updatesOf(
  target: ClientTarget,
  { messages, conversation }: ChatRequest,
  mutant: ServiceMutant | null,
): AsyncGenerator<ChatUpdate, undefined> {
  const known = mutant === 'replays what the service knows' ? [{ role: 'user', content: 'What is Python?' }] : [];
  const body = {
    input: [...known, ...messages.map((message) => ({ role: message.role, content: textOf(message) }))],
    ...(conversation?.id == null || mutant === 'does not send the id' ? {} : { previous_response_id: conversation.id }),
  };
  const response = await fetch(`${target.baseURL}/responses`, { method: 'POST', body: JSON.stringify(body) });
  const { id } = (await response.json()) as { id: string };
  yield chatUpdate({ conversationId: mutant === 'returns no id' ? null : id });
}
