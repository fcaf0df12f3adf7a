// Five clients, unmodified, each as its documentation uses it.
import { a2a } from './clients/a2a.ts';
import { agui } from './clients/agui.ts';
import type { Ask } from './clients/ask.ts';
import { openai } from './clients/openai.ts';
import { ours } from './clients/ours.ts';
import { useChat } from './clients/use-chat.ts';

export const CLIENTS: Readonly<Record<string, Ask>> = { streamChat: ours, openai, useChat, 'AG-UI': agui, A2A: a2a };
