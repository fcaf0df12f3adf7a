// The official SDK as a second opinion: the same bytes through its helpers and through our clients come to the same.
import { OpenAIChatCompletionsClient, OpenAIResponsesClient } from '@turnstream/openai';
import { at, reply, type Step, serveModel, truncateAfter } from '@turnstream/testkit';
import fc from 'fast-check';
import OpenAI from 'openai';
import { beforeEach, expect, test, vi } from 'vitest';
import { traces } from './golden/golden-trace.ts';
import { scriptOf } from './golden/play-script.ts';
import { oracleCases, WORDS } from './oracle/oracle-cases.ts';
import { oracleDifferences } from './oracle/oracle-differences.ts';
import { type Api, type Seen, seenBySdk, seenByUs } from './oracle/outcome.ts';

const apis: readonly Api[] = ['chat_completions', 'responses'];

// The helper prints what it cannot parse.
beforeEach(() => void vi.spyOn(console, 'error').mockReturnValue());

/** Both read the same answer, one after the other. */
async function seenByBoth(step: Step, api: Api): Promise<{ readonly sdk: Seen; readonly ours: Seen }> {
  await using model = await serveModel(step, step);
  const options = { apiKey: 'test-key', baseURL: model.baseURL, maxRetries: 0 };
  const Client = api === 'responses' ? OpenAIResponsesClient : OpenAIChatCompletionsClient;
  return {
    sdk: await seenBySdk(new OpenAI(options), api),
    ours: await seenByUs(new Client({ model: 'gpt-4.1', ...options })),
  };
}

const cases = oracleCases.flatMap(({ only, ...each }) =>
  apis.filter((api) => only === undefined || only === api).map((api) => ({ ...each, api })),
);

test.each(cases)(
  '$name, over $api: the same as the SDK, or a difference with its reason',
  async ({ name, step, api }) => {
    const difference = oracleDifferences.find((each) => each.name === name && each.apis.includes(api));

    const { sdk, ours } = await seenByBoth(step, api);

    expect({ sdk, ours }).toEqual(difference ? { sdk: difference.sdk, ours: difference.ours } : { sdk: ours, ours });
  },
);

test('every difference belongs to a case', () => {
  const named = oracleDifferences.flatMap(({ name, apis: where }) => where.map((api) => `${name} ${api}`));

  expect(cases.map(({ name, api }) => `${name} ${api}`)).toEqual(expect.arrayContaining(named));
});

const recorded = traces.flatMap((trace) =>
  scriptOf(trace).flatMap((step, index) => {
    const { sse, hold } = trace.script[index] ?? {};
    return sse === undefined || hold !== undefined ? [] : [{ name: trace.name, index, api: trace.api, step }];
  }),
);
/** Two items at one place, as the recording has them, are an error to the helper. */
const refusedByHelper = ['responses-stream-reasoning'];

test.each(recorded)('the bytes of $name, request $index, come to the same', async ({ name, step, api }) => {
  const { sdk, ours } = await seenByBoth(step, api);

  expect(sdk).toEqual(refusedByHelper.includes(name) ? 'failed' : ours);
});

/** The bytes of a streamed Chat Completion. */
async function chatBody(step: Step): Promise<Buffer> {
  await using model = await serveModel(step);
  const body = JSON.stringify({ stream: true, stream_options: { include_usage: true }, messages: [] });
  const response = await fetch(`${model.baseURL}/chat/completions`, { method: 'POST', body });
  return Buffer.from(await response.arrayBuffer());
}

test.each(apis)('cut and ended after any byte, over %s, what we take for whole has all its words', async (api) => {
  const chat = await chatBody(reply(WORDS));
  const lacksBlankLine = (bytes: number): boolean => /\ndata: \{.*\}\n?$/.test(chat.toString('utf8', 0, bytes));
  await fc.assert(
    fc.asyncProperty(fc.nat(3000), fc.array(fc.nat(3000), { maxLength: 40 }), async (bytes, cuts) => {
      const step = reply(WORDS, { cuts: at(cuts), fault: truncateAfter({ bytes }) });

      // A new server for each answer: ids get longer as one server counts up, which would shift the byte offsets.
      const { sdk, ours } = await seenByBoth(step, api);

      expect(ours === 'failed' ? WORDS.join('') : ours.text).toBe(WORDS.join(''));
      // The Responses helper accepts any end; the chat helper accepts a last frame without its blank line.
      if (api === 'chat_completions' && sdk !== 'failed' && !lacksBlankLine(bytes)) expect(sdk).toEqual(ours);
    }),
    { numRuns: 40 },
  );
});
