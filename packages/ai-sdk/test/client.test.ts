// What the client takes, and what it refuses when it is made or called.
import type { LanguageModelV4 } from '@ai-sdk/provider';
import { expect, test } from 'vitest';
import { AISDKClient, type AISDKClientOptions } from '../src/index.ts';
import { finish, said, stubModel, updatesOf } from './stub-model.ts';

const model = stubModel();

test.for<[options: AISDKClientOptions, words: string]>([
  [undefined as never, 'No model is given'],
  [{ model: undefined as never }, 'No model is given'],
  [{ model: { ...model, specificationVersion: 'v3' } as unknown as LanguageModelV4 }, 'version "v3"'],
  [{ model, parameters: { max_tokens: 5 } as object }, 'cannot hold max_tokens'],
  [{ model, maxRetries: -1 }, 'maxRetries is -1'],
])('options that cannot work are config_invalid: %#', ([options, words]) => {
  expect(() => new AISDKClient(options)).toThrow(
    expect.objectContaining({ code: 'config_invalid', message: expect.stringContaining(words) }),
  );
});

test('another model of a run comes from the provider', async () => {
  const other = stubModel([...said('A'), finish()]);
  const provider = { languageModel: (modelId: string) => ({ ...other, modelId }) };

  await updatesOf(model, { settings: { model: 'stub-2' } }, { provider });

  expect(other.calls).toHaveLength(1);
});

test('another model is config_invalid when the client has only one', async () => {
  const updates = updatesOf(model, { settings: { model: 'stub-2' } });

  await expect(updates).rejects.toMatchObject({ code: 'config_invalid', message: expect.stringContaining('"stub-2"') });
});

test('a parameter that no provider reads is config_invalid, and nothing is sent', async () => {
  const silent = stubModel();

  const updates = updatesOf(silent, { settings: { parameters: { max_tokens: 5 } as object } });

  await expect(updates).rejects.toMatchObject({ code: 'config_invalid' });
  expect(silent.calls).toEqual([]);
});

test('undefined takes back a parameter, and null a header of the provider', async () => {
  const asked = stubModel([finish()]);
  const settings = { parameters: { temperature: undefined, topP: 1 }, headers: { 'x-a': 'b', 'x-c': null } };

  await updatesOf(asked, { settings }, { parameters: { temperature: 0, seed: 7 } });

  const { abortSignal: _, prompt: __, ...options } = asked.calls[0]!;
  expect(options).toStrictEqual({ seed: 7, topP: 1, headers: { 'x-a': 'b', 'x-c': undefined } });
});
