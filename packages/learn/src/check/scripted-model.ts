// The model of a check: scripted, on a local socket, with a client for it.
import type { ChatClient } from '@turnstream/core';
import type { ScriptedModel, Step } from '@turnstream/testkit';
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

type Libraries = readonly [typeof import('@turnstream/openai'), typeof import('@turnstream/testkit')];

let loading: Promise<Libraries> | undefined;

/** Loads the SDK and the testkit. It takes longer than most checks, and many checks need neither. */
export function loadModel(): Promise<Libraries> {
  loading ??= Promise.all([import('@turnstream/openai'), import('@turnstream/testkit')]);
  return loading;
}

/** Whether a check needed them. */
export function hasLoadedModel(): boolean {
  return loading !== undefined;
}

export async function openModel(steps: readonly Step[]): Promise<OpenModel> {
  const [{ OpenAIResponsesClient }, { serveModel }] = await loadModel();
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
