// The recordings of the original, played to this library: same requests, same answers, same sessions, or a named deviation.
import { serveModel } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { compare } from './golden/compare.ts';
import { goldenDeviations } from './golden/golden-deviations.ts';
import { contentTolerances, openRunTolerance, requestTolerances } from './golden/golden-tolerances.ts';
import { type GoldenTrace, type Observed, traces } from './golden/golden-trace.ts';
import { scriptOf } from './golden/play-script.ts';
import { Player } from './golden/play-steps.ts';
import { type GoldenRequest, serveScript } from './golden/serve-script.ts';
import { isThere } from './golden/test-link.ts';

async function play(trace: GoldenTrace): Promise<Observed> {
  const inBackground = trace.steps.some(({ options }) => options?.background === true);
  await using model = inBackground ? await serveScript(trace) : await serveModel(...scriptOf(trace));
  using player = new Player(trace, model);
  const steps = [];
  for (const step of trace.steps) steps.push(await player.play(step));
  await Promise.all(model.requests.map((request) => request.closed));
  return { requests: model.requests.map((request) => shapeOf(request, trace)), steps };
}

function shapeOf(request: GoldenRequest, trace: GoldenTrace): Observed['requests'][number] {
  const { method, path, headers, body } = request;
  const credentials = trace.agent.azure === undefined ? ['authorization'] : ['api-key'];
  const held = trace.script.some(({ hold }) => hold !== undefined) && request.closedEarly;
  return {
    method,
    path,
    headers: Object.fromEntries(credentials.map((name) => [name, headers[name]])),
    body,
    ...(held ? { client_closed_during_hold: true } : {}),
  };
}

test.each(traces)('$name: $title', async (trace) => {
  const ours = await play(trace);

  compare(trace, ours);
});

test.each(['What is Zig?', 'Zig is a systems language.', 'resp_116', 'sess-zig', 'output_text', '"stop"'])(
  'a recording in which %j is changed by one letter goes red',
  async (words) => {
    const trace = traces.find(({ name }) => name === 'responses-store-false-two-turns')!;
    const ours = await play(trace);
    const recorded = JSON.stringify(trace.observed);
    const observed = JSON.parse(recorded.replaceAll(words, words.replace(/[a-y]/, 'z'))) as Observed;

    expect(() => compare(trace, ours)).not.toThrow();
    expect(() => compare({ ...trace, observed }, ours)).toThrow();
  },
);

const compared = traces.filter(({ deviation }) => {
  const expected = (deviation?.expected ?? {}) as { readonly any_of?: unknown; readonly requests?: object };
  return expected.any_of === undefined && expected.requests === undefined;
});

test.each(compared)('the recording $name with one letter of a question changed goes red', async (trace) => {
  const ours = await play(trace);
  const [question = ''] = trace.steps.flatMap(({ input }) => (typeof input === 'string' ? input : (input?.[0] ?? [])));
  const words = typeof question === 'string' ? question : (question.text ?? '');
  const recorded = JSON.stringify(trace.observed.requests);
  const requests = JSON.parse(recorded.replace(words, words.replace(/[a-y]/, 'z'))) as Observed['requests'];

  expect(() => compare({ ...trace, observed: { ...trace.observed, requests } }, ours)).toThrow();
});

test('all recordings are here', () => {
  expect(traces).toHaveLength(35);
});

test('every recording that is contradicted is in the list of deviations, and no other', () => {
  const contradicted = traces.filter(({ deviation }) => deviation !== null);

  expect(goldenDeviations.map(({ trace }) => trace)).toEqual(contradicted.map(({ name }) => name));
});

test.each([
  ...goldenDeviations.map(({ trace, test: link }) => ({ id: trace, link })),
  ...[...requestTolerances, ...contentTolerances, openRunTolerance].map(({ id, test: link }) => ({ id, link })),
])('the difference $id has a test of its own', ({ link }) => {
  expect(link).toSatisfy(isThere);
});
