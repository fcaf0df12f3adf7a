// The shop's chat, correct and with bugs, for the checks of this chapter.
import { Agent, type AgentSession, type Message } from '@turnstream/core';
import { OpenAIChatCompletionsClient } from '@turnstream/openai';

export type Pieces = AsyncIterable<{ readonly text: string }>;

export interface Chat {
  ask(question: string): Pieces;
}

/** Opens a chat with the model at this address. */
export type OpenChat = (baseURL: string) => Chat;

export function agentAt(baseURL: string): Agent {
  const client = new OpenAIChatCompletionsClient({ model: 'gpt-5', apiKey: 'exercise', baseURL, maxRetries: 0 });
  return new Agent({ client, instructions: 'You work for a shoe shop.' });
}

export const openRightChat: OpenChat = (baseURL) => {
  const agent = agentAt(baseURL);
  const session = agent.createSession();
  return { ask: (question) => agent.runStreaming(question, { session }) };
};

/** The correct chat with modified pieces. */
export function withPieces(change: (pieces: Pieces) => Pieces): OpenChat {
  return (baseURL) => {
    const chat = openRightChat(baseURL);
    return { ask: (question) => change(chat.ask(question)) };
  };
}

export const openForgetfulAfterBreak: OpenChat = (baseURL) => {
  const agent = agentAt(baseURL);
  let session: AgentSession = agent.createSession();
  return {
    async *ask(question) {
      try {
        yield* agent.runStreaming(question, { session });
      } catch (error) {
        session = agent.createSession();
        throw error;
      }
    },
  };
};

export const openBelievingHalf: OpenChat = (baseURL) => {
  const agent = agentAt(baseURL);
  const said: Message[] = [];
  return {
    async *ask(question) {
      said.push({ role: 'user', contents: [{ type: 'text', text: question }] });
      let text = '';
      try {
        for await (const update of agent.runStreaming([...said])) {
          text += update.text;
          yield update;
        }
      } finally {
        said.push({ role: 'assistant', contents: [{ type: 'text', text }] });
      }
    },
  };
};
