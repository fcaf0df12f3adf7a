import { expect, test } from 'vitest';
import { SingleListenerOpenAI } from '../../src/service/single-listener-sdk.ts';
import { API_KEY } from '../both-apis.ts';

test('a caller who left while the key was fetched sends nothing', async () => {
  const sent: string[] = [];
  const fetch = async (_url: unknown, init?: RequestInit): Promise<Response> => {
    init?.signal?.throwIfAborted();
    sent.push('request');
    return new Response('');
  };
  const sdk = new SingleListenerOpenAI({ apiKey: API_KEY, fetch });
  const signal = AbortSignal.abort();

  const request = sdk.fetchWithTimeout('http://127.0.0.1/', { signal }, 1000, new AbortController());

  await expect(request).rejects.toThrow('This operation was aborted');
  expect(sent).toEqual([]);
});
