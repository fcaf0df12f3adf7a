// The state of a chat in a React component, over the server's own protocol.
import { streamChat } from '@turnstream/server/client';
import { useEffect, useRef, useState } from 'react';

export interface Line {
  readonly role: 'user' | 'assistant' | 'error';
  readonly text: string;
}

export interface SupportChat {
  readonly lines: readonly Line[];
  readonly isBusy: boolean;
  readonly ask: (message: string) => Promise<void>;
  readonly stop: () => void;
}

export function useSupportChat(url: string, token: string): SupportChat {
  const [lines, setLines] = useState<readonly Line[]>([]);
  const [isBusy, setIsBusy] = useState(false);
  const sessionId = useRef<string>(undefined);
  const answer = useRef<AbortController>(null);
  useEffect(() => () => answer.current?.abort(), []); // a page that is left stops the model

  async function ask(message: string): Promise<void> {
    const { signal } = (answer.current = new AbortController());
    setLines((all) => [...all, { role: 'user', text: message }, { role: 'assistant', text: '' }]);
    setIsBusy(true);
    try {
      for await (const event of streamChat({ url, token, message, sessionId: sessionId.current, signal })) {
        if (event.type === 'session') sessionId.current = event.sessionId ?? undefined;
        if (event.type === 'update') setLines((all) => withMore(all, event.text));
      }
    } catch (error) {
      if (!signal.aborted) setLines((all) => [...all, { role: 'error', text: String(error) }]);
    } finally {
      setIsBusy(false);
    }
  }
  return { lines, isBusy, ask, stop: () => answer.current?.abort() };
}

function withMore(lines: readonly Line[], text: string): readonly Line[] {
  const last = lines.at(-1);
  return last === undefined ? lines : [...lines.slice(0, -1), { ...last, text: last.text + text }];
}
