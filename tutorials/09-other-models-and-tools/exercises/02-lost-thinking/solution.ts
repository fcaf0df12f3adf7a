// Only earlier turns lose their thinking: everything from the last question on goes back as it came.
import type { Message, Middleware } from '@turnstream/core';

export const lessThinking: Middleware = {
  model: (call, next) => {
    const asked = call.request.messages.findLastIndex(({ role }) => role === 'user');
    const messages = call.request.messages.map((message, index) =>
      index < asked ? withoutThoughts(message) : message,
    );
    return next({ ...call, request: { ...call.request, messages } });
  },
};

function withoutThoughts(message: Message): Message {
  if (typeof message.contents === 'string') return message;
  return { ...message, contents: message.contents.filter(({ type }) => type !== 'text_reasoning') };
}
