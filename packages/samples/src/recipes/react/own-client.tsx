// A chat without useChat: the hook holds the state, the component shows it.
import type { ReactElement } from 'react';
import { useSupportChat } from './use-support-chat.ts';

export function SupportChat({ url, token }: { readonly url: string; readonly token: string }): ReactElement {
  const { lines, isBusy, ask, stop } = useSupportChat(url, token);
  return (
    <form action={(form) => void ask(form.get('message') as string)}>
      {lines.map(({ role, text }, index) => (
        <p key={index} className={role}>
          {text}
        </p>
      ))}
      <input name="message" aria-label="Your question" required />
      {isBusy ? (
        <button type="button" onClick={stop}>
          Stop
        </button>
      ) : (
        <button>Send</button>
      )}
    </form>
  );
}
