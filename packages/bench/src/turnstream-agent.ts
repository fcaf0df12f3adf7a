// Ours, as the chapters use it: a full agent run on a session.
import { Agent, type AgentSession, type ResponseStream, type Tool } from '@turnstream/core';
import { OpenAIChatCompletionsClient, OpenAIResponsesClient } from '@turnstream/openai';
import { type Chat, INSTRUCTIONS, MODEL, type OnText, type Peer } from './peer.ts';
import { type Api, TOOL, TOOL_PARAMETERS } from './wire.ts';

const weather: Tool = {
  name: TOOL.name,
  description: TOOL.description,
  parameters: TOOL_PARAMETERS,
  approval: 'never',
  timeoutMs: null,
  strict: false,
  validate: (value) => ({ value }),
  execute: () => TOOL.result,
};

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
    stream: (session, question, onText) => read(agent.runStreaming(question, { session }), onText),
    streamWithTools: (session, question, onText) =>
      read(agent.runStreaming(question, { session, tools: [weather] }), onText),
    async ask(session, question) {
      return (await agent.run(question, { session })).text;
    },
    async inBackground(session, question) {
      const run = await agent.runInBackground(question, { session });
      await run.poll();
      await run.poll();
      return (await agent.resumeBackground(JSON.parse(JSON.stringify(run)), { session }).wait()).text;
    },
  };
}

async function read(stream: ResponseStream, onText: OnText): Promise<string> {
  for await (const { text } of stream) if (text !== '' && !onText(text)) break;
  return (await stream.finalResponse()).text;
}
