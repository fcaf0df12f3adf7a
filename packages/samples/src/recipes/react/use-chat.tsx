// A chat with useChat of the AI SDK: the server speaks its protocol and keeps the conversation.
import { useChat } from '@ai-sdk/react';
import { DefaultChatTransport } from 'ai';
import { type ReactElement, useState } from 'react';

export function SupportChat({ url, token }: { readonly url: string; readonly token: string }): ReactElement {
  const [transport] = useState(
    () => new DefaultChatTransport({ api: `${url}/chat/ui`, headers: { authorization: `Bearer ${token}` } }),
  );
  const { messages, sendMessage, status, stop, error } = useChat({ transport });
  return (
    <form action={(form) => void sendMessage({ text: form.get('message') as string })}>
      {messages.map(({ id, role, parts }) => (
        <p key={id} className={role}>
          {parts.map((part) => (part.type === 'text' ? part.text : '')).join('')}
        </p>
      ))}
      {error === undefined ? null : <p className="error">{error.message}</p>}
      <input name="message" aria-label="Your question" required />
      {status === 'streaming' ? (
        <button type="button" onClick={() => void stop()}>
          Stop
        </button>
      ) : (
        <button>Send</button>
      )}
    </form>
  );
}
