// The model of a check: scripted, on a local socket, with a client for it.
import type { ChatClient } from '@turnstream/core';
import { OpenAIResponsesClient } from '@turnstream/openai';
import { type ScriptedModel, type Step, serveModel } from '@turnstream/testkit';
import { counted, Unmet } from './expectations.ts';

export interface CheckModel extends Pick<ScriptedModel, 'requests' | 'baseURL' | 'origin'> {
  /** Speaks the Responses API to this model, without retries. For another client, make one with `baseURL`. */
  readonly client: ChatClient;
}

export interface OpenModel {
  readonly model: CheckModel;
  /** Fails when the model was called more or less often than its script has steps. */
  expectCalls(): void;
  expectCallsAtMost(): void;
  close(): Promise<void>;
}

export async function openModel(steps: readonly Step[]): Promise<OpenModel> {
  const served = await serveModel(...steps);
  const { requests, baseURL, origin } = served;
  const client = new OpenAIResponsesClient({ model: 'gpt-5', apiKey: 'exercise', baseURL, maxRetries: 0 });
  const calls = (): number => requests.filter((request) => request.responseId === null).length;
  const unexpectedCalls = (): Unmet =>
    new Unmet(`expected ${counted(steps.length, 'model call')}; your code made ${calls() === 0 ? 'none' : calls()}`);
  return {
    model: { requests, baseURL, origin, client },
    expectCalls() {
      if (calls() !== steps.length) throw unexpectedCalls();
    },
    expectCallsAtMost() {
      if (calls() > steps.length) throw unexpectedCalls();
    },
    // Closing throws the testkit's error, which `expectCalls` words for the learner.
    async close() {
      try {
        await served[Symbol.asyncDispose]();
      } catch {}
    },
  };
}
