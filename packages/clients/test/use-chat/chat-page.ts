/// <reference lib="dom" />
// A page with `useChat` of `@ai-sdk/react`, as an application has it. Its address says which options it uses.
import { useChat } from '@ai-sdk/react';
import { UiTransport } from '@turnstream/server/client';
import {
  type ChatTransport,
  DefaultChatTransport,
  lastAssistantMessageIsCompleteWithToolCalls,
  type UIMessage,
} from 'ai';
import { createElement, type ReactNode, useState } from 'react';
import { createRoot } from 'react-dom/client';

const query = new URLSearchParams(location.search);
const token = query.get('token') ?? '';
const question: UIMessage = { id: 'm1', role: 'user', parts: [{ type: 'text', text: query.get('asked') ?? '' }] };

function transportTo(url: string): ChatTransport<UIMessage> {
  if (query.has('ours')) return new UiTransport({ url, token });
  return new DefaultChatTransport({ api: `${url}/chat/ui`, headers: { authorization: `Bearer ${token}` } });
}

function ChatPage(): ReactNode {
  const [transport] = useState(() => transportTo(location.origin));
  const [text, setText] = useState('');
  const chat = useChat({
    id: 'chat-1',
    // What an application has stored of the chat before it was reloaded.
    messages: query.has('asked') ? [question] : [],
    transport,
    resume: query.has('asked'),
    sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithToolCalls,
    onToolCall({ toolCall: { toolName, toolCallId } }) {
      if (toolName === 'look') void chat.addToolOutput({ tool: 'look', toolCallId, output: document.title });
    },
  });
  const button = (name: string, onClick: () => void): ReactNode =>
    createElement('button', { key: name, onClick }, name);
  return [
    ...chat.messages.flatMap((message) => message.parts.map((part, index) => line(message, part, index))),
    createElement('output', { key: 'status' }, chat.status),
    createElement('p', { key: 'error', role: 'alert' }, chat.error?.message ?? ''),
    createElement('input', {
      key: 'text',
      'aria-label': 'Question',
      value: text,
      onChange: ({ target }: { readonly target: HTMLInputElement }) => setText(target.value),
    }),
    button('Send', () => {
      setText('');
      void chat.sendMessage({ text });
    }),
    button('Stop', () => void chat.stop()),
  ];
}

function line({ id, role }: UIMessage, part: UIMessage['parts'][number], index: number): ReactNode {
  const said = 'text' in part ? `${role}: ${part.text}` : 'toolCallId' in part ? called(part) : null;
  return said === null ? null : createElement('li', { key: `${id} ${index}` }, said);
}

function called(part: Extract<UIMessage['parts'][number], { readonly toolCallId: string }>): string {
  return `${part.type} ${part.state}: ${JSON.stringify(part.output ?? part.input)}`;
}

createRoot(document.body).render(createElement(ChatPage));
