// Ours, as the chapters use it: a full agent run on a session.
import { Agent, type AgentSession } from '@turnstream/core';
import { OpenAIChatCompletionsClient, OpenAIResponsesClient } from '@turnstream/openai';
import { type Chat, INSTRUCTIONS, MODEL, type Peer } from './peer.ts';
import type { Api } from './wire.ts';

export function turnstreamAgent(api: Api): Peer {
  return (baseURL) => {
    const options = { model: MODEL, baseURL, apiKey: 'sk-bench' };
    const client = api === 'chat' ? new OpenAIChatCompletionsClient(options) : new OpenAIResponsesClient(options);
    return overAgent(new Agent({ client, instructions: INSTRUCTIONS, name: 'bench' }));
  };
}

function overAgent(agent: Agent): Chat<AgentSession> {
  return {
    createSession: () => agent.createSession(),
    async stream(session, question, onText) {
      const stream = agent.runStreaming(question, { session });
      for await (const { text } of stream) if (text !== '' && !onText(text)) break;
      return (await stream.finalResponse()).text;
    },
    async ask(session, question) {
      return (await agent.run(question, { session })).text;
    },
  };
}
