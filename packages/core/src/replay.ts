// What the model is shown of stored messages: a half answer says that it is one.
import { type Message, textOf } from './message.ts';

/** The messages as they may be sent. The same list when nothing was interrupted. */
export function replayable(messages: readonly Message[]): readonly Message[] {
  return messages.some(isInterrupted)
    ? messages.map((message) => (isInterrupted(message) ? marked(message) : message))
    : messages;
}

/** `incomplete` is not one of these: the service itself ended that answer, at its length limit or by its filter. */
function isInterrupted(message: Message): boolean {
  return message.status === 'cancelled' || message.status === 'failed';
}

function marked(message: Message): Message {
  const text = textOf(message);
  const note =
    text === '' ? '[This answer was interrupted before its first word.]' : '[This answer was interrupted here.]';
  return {
    role: message.role,
    contents: text === '' ? note : `${text}\n${note}`,
    ...(message.authorName === undefined ? {} : { authorName: message.authorName }),
  };
}
