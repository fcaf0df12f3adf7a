// Wrong values for every member of what is stored, and how each is refused.
import { expect } from 'vitest';
import { AgentError } from '../../src/index.ts';

export type Json = Record<string, unknown>;
export type Fits = (value: unknown) => boolean;

export const SECRET = 'sk-secret';
const JUNK: readonly unknown[] = [
  undefined,
  null,
  true,
  '',
  SECRET,
  -7,
  0.5,
  7,
  1e300,
  [],
  [SECRET],
  {},
  { x: SECRET },
  [[SECRET]],
];

export const isId: Fits = (value) => typeof value === 'string' && value !== '';
export const isText: Fits = (value) => typeof value === 'string';
export const isCount: Fits = (value) => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
export const isTime: Fits = (value) => typeof value === 'number' && value >= 0;
export const isEmptyList: Fits = (value) => Array.isArray(value) && value.length === 0;
export const isObject: Fits = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
export const orNull =
  (fits: Fits): Fits =>
  (value) =>
    value === null || fits(value);
export const orMissing =
  (fits: Fits): Fits =>
  (value) =>
    value === undefined || fits(value);
export const only =
  (...values: readonly unknown[]): Fits =>
  (value) =>
    values.includes(value);

export const storedToken: Json = {
  type: 'background_run',
  version: 1,
  runId: 'r',
  responseId: 'resp_1',
  sequenceNumber: 3,
  question: [],
  rounds: [],
  usage: null,
  stream: true,
  sessionId: 's',
  serviceSessionId: null,
};

/** How each of these is refused. */
export async function refusals(
  read: (value: unknown) => unknown,
  values: readonly unknown[],
): Promise<readonly AgentError[]> {
  const outcomes = await Promise.allSettled(values.map(async (value) => read(value)));
  return outcomes.map((outcome, index) => {
    if (outcome.status === 'rejected' && outcome.reason instanceof AgentError) return outcome.reason;
    throw new Error(`${JSON.stringify(values[index])} was not refused.`, { cause: outcome });
  });
}

/** The object once for every value that does not fit the member. */
export function misfits(whole: Json, name: string, fits: Fits): readonly Json[] {
  return JUNK.filter((value) => !fits(value)).map((value) => ({ ...whole, [name]: value }));
}

export function expectAll(errors: readonly AgentError[], code: string, place: string): void {
  expect(errors.map((error) => error.code)).toEqual(errors.map(() => code));
  expect(errors.filter(({ message }) => !message.includes(place))).toEqual([]);
  expect(errors.filter(({ message }) => message.includes(SECRET))).toEqual([]);
}
