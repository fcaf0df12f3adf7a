// `useChat` of the AI SDK, without a page.
import { Chat } from '@ai-sdk/react';
import { DefaultChatTransport } from 'ai';
import { type Ask, bearer, nothing } from './ask.ts';

/** The class behind the hook. */
export const useChat: Ask = async ({ url, token, question, onText = nothing }) => {
  const chat = new Chat({ transport: new DefaultChatTransport({ api: `${url}/chat/ui`, headers: bearer(token) }) });
  const textOf = (): string =>
    (chat.lastMessage?.role === 'assistant' ? chat.lastMessage.parts : [])
      .map((part) => (part.type === 'text' ? part.text : ''))
      .join('');
  chat['~registerMessagesCallback'](() => void (textOf() !== '' && onText()));
  await chat.sendMessage({ text: question });
  if (chat.status === 'error') throw chat.error;
  return textOf();
};
