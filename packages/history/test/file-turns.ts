// Turns of a file history, and what it reads back.
import type { Message } from '@turnstream/core';
import { FileHistory } from '../src/file.ts';

export const turn = (text: string): readonly Message[] => [{ role: 'user', contents: text }];

export async function texts(history: FileHistory, sessionId = 's'): Promise<unknown[]> {
  return (await history.load({ sessionId })).messages.map((message) => message.contents);
}
