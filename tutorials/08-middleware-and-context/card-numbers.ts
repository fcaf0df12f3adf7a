// Keeps card numbers away from the model, from the history, and from everything that reads it later.
import { contentsOf, type Message, type Middleware } from '@turnstream/core';

/** 13 to 19 digits, with spaces or hyphens between them. */
const CARD = /\b\d(?:[ -]?\d){12,18}\b/g;

export const withoutCardNumbers: Middleware = {
  run: (run, next) => next({ ...run, question: run.question.map(masked) }),
};

function masked(message: Message): Message {
  if (typeof message.contents === 'string')
    return { ...message, contents: message.contents.replaceAll(CARD, '[card]') };
  const contents = contentsOf(message).map((content) =>
    content.type === 'text' ? { ...content, text: content.text.replaceAll(CARD, '[card]') } : content,
  );
  return { ...message, contents };
}
