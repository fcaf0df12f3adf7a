// Fix: middleware that drops the model's thinking from what is sent, to save tokens.
import type { Message, Middleware } from '@turnstream/core';

export const lessThinking: Middleware = {
  model: (call, next) => {
    const messages = call.request.messages.map(withoutThoughts);
    return next({ ...call, request: { ...call.request, messages } });
  },
};

function withoutThoughts(message: Message): Message {
  if (typeof message.contents === 'string') return message;
  return { ...message, contents: message.contents.filter(({ type }) => type !== 'text_reasoning') };
}
