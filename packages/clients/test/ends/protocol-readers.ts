// The clients of the other protocols: `useChat`, AG-UI, A2A.
import { HttpAgent } from '@ag-ui/client';
import { Chat } from '@ai-sdk/react';
import { UiTransport } from '@turnstream/server/client';
import { type ChatTransport, DefaultChatTransport, type UIMessage } from 'ai';
import { a2a, ask, brief, clientAt } from '../a2a-client.ts';
import { TOKEN } from '../served.ts';
import { QUESTION, type Reader, type ReadOptions, WHOLE } from './reader.ts';

const headers = { authorization: `Bearer ${TOKEN}` };

const useChat = (title: string, from: string, transportAt: (url: string) => ChatTransport<UIMessage>): Reader => ({
  client: `\`useChat\`, ${title}`,
  from,
  options: { ui: { history: 'client' } },
  async read({ url, onText }: ReadOptions) {
    const chat = new Chat({ id: 'chat-1', transport: transportAt(url) });
    chat['~registerMessagesCallback'](() => {
      if (chat.lastMessage?.parts.some((part) => part.type === 'text' && part.text !== '')) onText();
    });
    await chat.sendMessage({ text: QUESTION });
    return chat.status === 'ready' ? `${WHOLE}: status \`ready\`` : `status \`${chat.status}\``;
  },
});

export const protocolReaders: readonly Reader[] = [
  useChat('its own transport', '@ai-sdk/react', (url) => new DefaultChatTransport({ api: `${url}/chat/ui`, headers })),
  useChat('our `UiTransport`', '@ai-sdk/react', (url) => new UiTransport({ url, token: TOKEN })),
  {
    client: '`HttpAgent` of AG-UI',
    from: '@ag-ui/client',
    options: { agui: { history: 'client' } },
    async read({ url, onText }) {
      const agent = new HttpAgent({ url: `${url}/agui`, headers });
      agent.addMessage({ id: 'm1', role: 'user', content: QUESTION });
      let end = '';
      await agent.runAgent(
        {},
        {
          onTextMessageContentEvent: onText,
          onRunErrorEvent: () => void (end = '`RUN_ERROR`, then resolves'),
        },
      );
      return end === '' ? WHOLE : end;
    },
  },
  {
    client: '`sendMessageStream` of A2A',
    from: '@a2a-js/sdk',
    options: { a2a },
    async read({ url, onText }) {
      const client = await clientAt(url);
      let last = '';
      for await (const frame of client.sendMessageStream(ask(QUESTION))) {
        if (frame.payload?.$case === 'artifactUpdate') onText();
        last = brief([frame])[0] ?? '';
      }
      return last === 'FAILED' ? 'last state `FAILED`' : WHOLE;
    },
  },
];
