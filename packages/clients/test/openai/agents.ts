// `@openai/agents`: an agent whose model is the served agent, over both APIs.
import {
  Agent,
  type AgentInputItem,
  OpenAIChatCompletionsModel,
  OpenAIResponsesModel,
  run,
  setTracingDisabled,
  tool,
} from '@openai/agents';
import { type AskOptions, type Chat, type ChatOptions, look, MODEL, type OtherClient } from './chat.ts';
import { sdkAt } from './sdk.ts';

// It sends traces to OpenAI by default.
setTracingDisabled(true);

export function agentOf(options: ChatOptions, api: OtherClient['api']): Agent {
  const Model = api === 'responses' ? OpenAIResponsesModel : OpenAIChatCompletionsModel;
  const { name, description, parameters, seen } = look;
  const tools = [
    tool({ name, description, parameters: { ...parameters, required: [] }, strict: true, execute: () => seen }),
  ];
  return new Agent({ name: 'caller', model: new Model(sdkAt(options), MODEL), tools });
}

export const agentsChat: OtherClient = clientOf('chat completions');
export const agentsResponses: OtherClient = clientOf('responses');

function clientOf(api: OtherClient['api']): OtherClient {
  return { name: `@openai/agents, ${api}`, api, open: (options) => new AgentsChat(agentOf(options, api)) };
}

class AgentsChat implements Chat {
  readonly #agent: Agent;
  #history: AgentInputItem[] = [];

  constructor(agent: Agent) {
    this.#agent = agent;
  }

  async ask(question: string, { signal, onText = () => {} }: AskOptions = {}): Promise<string> {
    const input: AgentInputItem[] = [...this.#history, { role: 'user', content: question }];
    const result = await run(this.#agent, input, { stream: true, ...(signal === undefined ? {} : { signal }) });
    for await (const text of result.toTextStream()) onText(text);
    await result.completed;
    if (result.error != null) throw result.error;
    signal?.throwIfAborted();
    this.#history = result.history;
    return result.finalOutput ?? '';
  }
}
