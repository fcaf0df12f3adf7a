// A chat as a page has it: the class behind `useChat`, over its default transport.
import { Chat } from '@ai-sdk/react';
import {
  type ChatTransport,
  DefaultChatTransport,
  lastAssistantMessageIsCompleteWithApprovalResponses,
  type UIMessage,
} from 'ai';
import { TOKEN } from '../app-rig.ts';

export interface Metadata {
  readonly sessionId: string | null;
  readonly status: string;
  readonly usage: { readonly totalTokens: number } | null;
}

export type ChatMessage = UIMessage<Metadata>;

export interface ChatOptions {
  readonly token?: string;
  readonly sendAutomaticallyWhen?: NonNullable<
    ConstructorParameters<typeof Chat<ChatMessage>>[0]['sendAutomaticallyWhen']
  >;
}

export function chatAt(
  url: string,
  messages: ChatMessage[] = [],
  { token = TOKEN, sendAutomaticallyWhen = lastAssistantMessageIsCompleteWithApprovalResponses }: ChatOptions = {},
): Chat<ChatMessage> {
  return new Chat<ChatMessage>({ id: 'chat-1', messages, transport: transportTo(url, token), sendAutomaticallyWhen });
}

export function transportTo(url: string, token: string = TOKEN): ChatTransport<ChatMessage> {
  return new DefaultChatTransport({ api: `${url}/chat/ui`, headers: { authorization: `Bearer ${token}` } });
}

/** The parts of the last message, each as its type and what tells most about it. */
export function shown({ messages }: Chat<ChatMessage>): readonly unknown[] {
  return (messages.at(-1)?.parts ?? []).map((part) => {
    if (part.type === 'text' || part.type === 'reasoning') return [part.type, part.text];
    if (part.type === 'step-start') return part.type;
    if (!('toolCallId' in part)) return part;
    const { type, state, input, output, errorText } = part as Record<string, unknown>;
    return [type, state, input, output ?? errorText].filter((value) => value !== undefined);
  });
}
