// The axes of the claim: how an answer is waited for, which conversation it belongs to, and over which API at whom.
import type { Agent, AgentSession, ChatClient } from '@turnstream/core';
import { OpenAIChatCompletionsClient, OpenAIResponsesClient } from '@turnstream/openai';
import { AzureOpenAI } from 'openai';

export type Verb = 'run' | 'runStreaming' | 'runInBackground';

/** Asks a question and gives the texts of the answer's updates; one text where the answer comes whole. */
type Ask = (agent: Agent, question: string, session: AgentSession | null) => Promise<readonly string[]>;

const withSession = (session: AgentSession | null): { session?: AgentSession } => (session === null ? {} : { session });

export const verbs: Readonly<Record<Verb, Ask>> = {
  async run(agent, question, session) {
    const { text } = await agent.run(question, withSession(session));
    return [text];
  },
  async runStreaming(agent, question, session) {
    const texts: string[] = [];
    for await (const text of agent.runStreaming(question, withSession(session)).textStream) texts.push(text);
    return texts;
  },
  async runInBackground(agent, question, session) {
    const run = await agent.runInBackground(question, withSession(session));
    const { text } = await run.wait({ pollMs: 250 });
    return [text];
  },
};

export type SessionUse = 'no session' | 'same session' | 'new session';

/** The session of the first question and that of the second. */
type Sessions = (agent: Agent) => readonly [AgentSession | null, AgentSession | null];

export const sessions: Readonly<Record<SessionUse, Sessions>> = {
  'no session': () => [null, null],
  'same session'(agent) {
    const session = agent.createSession();
    return [session, session];
  },
  'new session': (agent) => [agent.createSession(), agent.createSession()],
};

export type Service = 'Chat Completions, OpenAI' | 'Chat Completions, Azure' | 'Responses, OpenAI' | 'Responses, Azure';

type Connect = (model: { readonly origin: string; readonly baseURL: string }) => ChatClient;

const azure = (origin: string): AzureOpenAI =>
  new AzureOpenAI({ baseURL: `${origin}/openai`, apiKey: 'azure-key', apiVersion: '2025-03-01-preview' });

export const services: Readonly<Record<Service, Connect>> = {
  'Chat Completions, OpenAI': ({ baseURL }) =>
    new OpenAIChatCompletionsClient({ model: 'gpt-4.1', apiKey: 'test-key', baseURL }),
  'Chat Completions, Azure': ({ origin }) =>
    new OpenAIChatCompletionsClient({ model: 'gpt-4.1', client: azure(origin) }),
  'Responses, OpenAI': ({ baseURL }) => new OpenAIResponsesClient({ model: 'gpt-4.1', apiKey: 'test-key', baseURL }),
  'Responses, Azure': ({ origin }) => new OpenAIResponsesClient({ model: 'gpt-4.1', client: azure(origin) }),
};

export const verbNames: readonly Verb[] = ['run', 'runStreaming', 'runInBackground'];
export const sessionUses: readonly SessionUse[] = ['no session', 'same session', 'new session'];
export const serviceNames: readonly Service[] = [
  'Chat Completions, OpenAI',
  'Chat Completions, Azure',
  'Responses, OpenAI',
  'Responses, Azure',
];
