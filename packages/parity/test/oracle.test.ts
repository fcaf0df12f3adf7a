// The official SDK as a second opinion: the same bytes through its helpers and through our clients come to the same.
import { OpenAIChatCompletionsClient, OpenAIResponsesClient } from '@turnstream/openai';
import { at, reply, type ScriptedModel, type Step, serveModel, truncateAfter } from '@turnstream/testkit';
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

type SeenByBoth = (step: Step) => Promise<{ readonly sdk: Seen; readonly ours: Seen }>;

/** Both read the same answer of this model, one after the other. */
function bothAt(model: ScriptedModel, api: Api): SeenByBoth {
  const options = { apiKey: 'test-key', baseURL: model.baseURL, maxRetries: 0 };
  const Client = api === 'responses' ? OpenAIResponsesClient : OpenAIChatCompletionsClient;
  const sdk = new OpenAI(options);
  const ours = new Client({ model: 'gpt-4.1', ...options });
  return async (step) => {
    model.add(step, step);
    return { sdk: await seenBySdk(sdk, api), ours: await seenByUs(ours) };
  };
}

async function seenByBoth(step: Step, api: Api): ReturnType<SeenByBoth> {
  await using model = await serveModel();
  return await bothAt(model, api)(step);
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
  // A fixed id: generated ids get longer as the model's counter grows, which would shift the byte offsets.
  const fixedId = { id: 'answer_1' };
  const chat = await chatBody(reply(WORDS, fixedId));
  const lacksBlankLine = (bytes: number): boolean => /\ndata: \{.*\}\n?$/.test(chat.toString('utf8', 0, bytes));
  await using model = await serveModel();
  const seenAtModel = bothAt(model, api);
  await fc.assert(
    fc.asyncProperty(fc.nat(3000), fc.array(fc.nat(3000), { maxLength: 40 }), async (bytes, cuts) => {
      const step = reply(WORDS, { ...fixedId, cuts: at(cuts), fault: truncateAfter({ bytes }) });

      const { sdk, ours } = await seenAtModel(step);

      expect(ours === 'failed' ? WORDS.join('') : ours.text).toBe(WORDS.join(''));
      // The Responses helper accepts any end; the chat helper accepts a last frame without its blank line.
      if (api === 'chat_completions' && sdk !== 'failed' && !lacksBlankLine(bytes)) expect(sdk).toEqual(ours);
    }),
    { numRuns: 40 },
  );
});
