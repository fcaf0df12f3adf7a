// The model client of the lab: for each turn, the one chosen on the page.
import { AgentError, type ChatClient, textOf } from '@turnstream/core';
import type { BackgroundClient, ChatRequest } from '@turnstream/core/seams';
import { OpenAIChatCompletionsClient, OpenAIResponsesClient } from '@turnstream/openai';
import { currentTurn, type Turn, turnOfQuestion } from '../process/turn.ts';
import type { LabModel } from './demo.ts';

export interface LabClientOptions {
  readonly demo: LabModel;
  /** Null when there is no key. */
  readonly live: ChatClient | null;
}

export class LabClient implements ChatClient {
  readonly background: BackgroundClient;
  readonly #options: LabClientOptions;

  constructor(options: LabClientOptions) {
    this.#options = options;
    const own = (): BackgroundClient => backgroundOf(this.#clientOf(currentTurn()));
    this.background = {
      start: (request) => backgroundOf(this.#clientOf(turnOfQuestion(questionOf(request)))).start(request),
      get: (...given) => own().get(...given),
      stream: (...given) => own().stream(...given),
      cancel: (...given) => own().cancel(...given),
    };
  }

  send(request: ChatRequest): ReturnType<ChatClient['send']> {
    return this.#clientOf(currentTurn()).send(request);
  }

  #clientOf({ id, fault, api, model }: Turn): ChatClient {
    const { demo, live } = this.#options;
    if (model === 'live') {
      if (live !== null) return live;
      throw new AgentError('config_invalid', 'There is no key for a live model. Choose the demo model.');
    }
    const options = { model: 'demo', apiKey: 'demo', baseURL: demo.baseURL(id, fault) };
    return api === 'responses' ? new OpenAIResponsesClient(options) : new OpenAIChatCompletionsClient(options);
  }
}

function backgroundOf({ background }: ChatClient): BackgroundClient {
  if (background !== undefined) return background;
  throw new AgentError('background_unsupported', 'Chat Completions cannot work in the background. Choose Responses.');
}

function questionOf({ messages }: ChatRequest): string {
  const asked = messages.findLast(({ role }) => role === 'user');
  return asked === undefined ? '' : textOf(asked);
}
