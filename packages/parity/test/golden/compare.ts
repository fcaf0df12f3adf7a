// Compares what this library gave with a recording: what the format calls binding, or what a deviation expects instead.
import { expect } from 'vitest';
import { looksAfter } from './golden-deviations.ts';
import { contentTolerances, kindOf, openRunTolerance, requestTolerances } from './golden-tolerances.ts';
import type { GoldenTrace, Json, Observed, ObservedRequest } from './golden-trace.ts';

type Expected = {
  readonly any_of?: readonly Expected[];
  readonly request_count?: number;
  readonly requests?: Readonly<Record<string, Json>>;
  readonly steps?: Readonly<Record<string, Json>>;
  readonly session_never_contains?: readonly string[];
};

export function compare(trace: GoldenTrace, ours: Observed): void {
  const expected = (trace.deviation?.expected ?? {}) as Expected;
  if (expected.any_of !== undefined) {
    expect(expected.any_of.some((each) => satisfies(each, ours))).toBe(true);
    return;
  }
  expect(ours.requests).toHaveLength(
    (expected.request_count ?? trace.observed.requests.length) + looksAfter(trace.name),
  );
  ours.requests.forEach((request, index) => {
    if (expected.requests?.[index] === undefined && index < trace.observed.requests.length)
      expect(request).toEqual(tolerated(trace, index));
  });
  ours.steps.forEach((step, index) => {
    if (expected.steps?.[index] === undefined) compareStep(trace.observed.steps[index] ?? {}, step);
  });
  expect(ours).toSatisfy((seen: Observed) => satisfies(expected, seen), 'the deviation that the trace names');
}

function tolerated(trace: GoldenTrace, index: number): Partial<ObservedRequest> {
  const { method, path, headers, body } = trace.observed.requests[index] ?? {
    method: '',
    path: '',
    headers: {},
    body: {},
  };
  // A look at a run has no body.
  if (body === null) return { method, path, headers, body };
  return { method, path, headers, body: requestTolerances.reduce((each, { apply }) => apply(each, trace), body) };
}

function compareStep(theirs: Json, ours: Json): void {
  expect(textsOf(ours)).toEqual(textsOf(theirs));
  expect(kindsOf(ours)).toEqual(kindsOf(theirs));
  expect(ours['requests_before_first_pull'] ?? 0).toBe(0);
  expect('error' in ours).toBe('error' in theirs);
  if ('tool_calls' in theirs) expect(ours['tool_calls']).toEqual(theirs['tool_calls']);
  for (const name of ['response', 'final'])
    if (name in theirs) compareResponse(theirs[name] as Json, ours[name] as Json);
  if (!('session' in theirs) || !('session' in ours)) return;
  const session = theirs['session'] as Json;
  const { service_session_id } = ours['session'] as Json;
  const expected = openRunTolerance.isOpen(theirs) ? { ...session, service_session_id } : session;
  compareSession(expected, ours['session'] as Json);
}

function compareResponse(theirs: Json, ours: Json | undefined): void {
  // A run that has not ended holds an empty message there and is a status here.
  if (theirs['continuation_token'] != null) return;
  expect({ ...ours, messages: messagesOf((ours?.['messages'] ?? []) as readonly Json[]) }).toMatchObject({
    text: theirs['text'],
    finish_reason: theirs['finish_reason'],
    response_id: theirs['response_id'],
    messages: messagesOf(theirs['messages'] as readonly Json[]),
    ...usageOf(theirs['usage'] as Json | null),
  });
}

function usageOf(usage: Json | null): Json {
  const { input_token_count, output_token_count, total_token_count } = usage ?? {};
  if (input_token_count === undefined) return { usage: null };
  return { usage: { input_token_count, output_token_count, total_token_count } };
}

function compareSession(theirs: Json, ours: Json): void {
  const state = Object.values(
    (theirs['state'] ?? {}) as Readonly<Record<string, { readonly messages?: readonly Json[] }>>,
  );
  expect(ours['session_id']).toBe(theirs['session_id']);
  expect(ours['service_session_id']).toBe(theirs['service_session_id']);
  const messages = state.find((slot) => slot.messages !== undefined)?.messages;
  if (messages === undefined) return;
  expect(messagesOf(ours['messages'] as readonly Json[])).toEqual(messagesOf(messages));
}

function messagesOf(messages: readonly Json[]): readonly Json[] {
  return messages
    .map((message) => ({ role: message['role'], contents: readable(message['contents'] as readonly Json[]) }))
    .filter(({ contents }) => contents.length > 0);
}

function readable(contents: readonly Json[]): readonly Json[] {
  const kept = contents.filter((content) => !contentTolerances.some(({ drops }) => drops(content)));
  return kept.map(
    ({ type, text, call_id, name, arguments: args, result }) =>
      JSON.parse(JSON.stringify({ type: kindOf(type), text, call_id, name, arguments: args, result })) as Json,
  );
}

function textsOf(step: Json): readonly unknown[] {
  return ((step['updates'] ?? []) as readonly Json[]).map((update) => update['text']).filter((text) => text !== '');
}

/** The kinds of what is not text, in order; neighbors of one kind count once, since fragments may be cut elsewhere. */
function kindsOf(step: Json): readonly unknown[] {
  const updates = (step['updates'] ?? []) as readonly { readonly contents: readonly Json[] }[];
  const kinds = updates.flatMap(({ contents }) => readable(contents)).map(({ type }) => type);
  return kinds.filter((kind, index) => kind !== kinds[index - 1] && kind !== 'text');
}

function satisfies(expected: Expected, ours: Observed): boolean {
  const requests = Object.entries(expected.requests ?? {});
  const steps = Object.entries(expected.steps ?? {});
  return (
    (expected.request_count === undefined || ours.requests.length === expected.request_count) &&
    requests.every(([index, want]) => matchesRequest(want, ours.requests[Number(index)])) &&
    steps.every(([index, want]) =>
      Object.entries(want).every(([key, value]) => matchesStep(key, value, ours.steps[Number(index)] ?? {})),
    ) &&
    (expected.session_never_contains ?? []).every((secret) =>
      ours.steps.every((step) => !JSON.stringify(step['session'] ?? {}).includes(secret)),
    )
  );
}

function matchesRequest(want: Json, got: ObservedRequest | undefined): boolean {
  const { path_contains, ...rest } = want;
  const parts = (path_contains ?? []) as readonly string[];
  return got !== undefined && parts.every((part) => got.path.includes(part)) && matches(rest, got);
}

function matchesStep(key: string, want: unknown, step: Json): boolean {
  const session = (step['session'] ?? {}) as { readonly messages?: readonly Json[] };
  switch (key) {
    case 'texts':
      return matches(want, textsOf(step));
    case 'session_messages':
      return matches(
        want,
        (session.messages ?? []).map(({ role, text }) => ({ role, text })),
      );
    case 'visible_text':
      return matches(want, ((step['final'] ?? step['response'] ?? {}) as Json)['text']);
    case 'error':
    case 'failure':
      return matchesError(want as Json, step['error'] as Json | undefined);
    default:
      return matches(want, step[key]);
  }
}

function matchesError({ code, message_contains }: Json, error: Json | undefined): boolean {
  if (error === undefined) return false;
  const said = JSON.stringify(error);
  return [code, message_contains].every(
    (part) => part === undefined || (typeof part === 'string' && said.includes(part)),
  );
}

/** Partial: listed keys only, lists element by element, null and "<absent>" match nothing. */
function matches(want: unknown, got: unknown): boolean {
  if (want === null || want === '<absent>') return got === null || got === undefined;
  if (Array.isArray(want)) {
    return Array.isArray(got) && got.length === want.length && want.every((each, index) => matches(each, got[index]));
  }
  if (typeof want === 'object') {
    const found = (typeof got === 'object' && got !== null ? got : {}) as Json;
    return Object.entries(want as Json).every(([key, value]) => matches(value, found[key]));
  }
  return want === got;
}
