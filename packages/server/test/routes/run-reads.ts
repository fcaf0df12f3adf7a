// What tests of runs read of answers, and what they send.
import type { Answer } from '../app-rig.ts';

export const words: readonly string[] = ['Alpha ', 'beta ', 'gamma ', 'delta.'];

export const anything = {
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: (value: unknown) => ({ value }),
    jsonSchema: { input: () => ({ type: 'object' }), output: () => ({ type: 'object' }) },
  },
} as never;

export async function problem(answer: Answer | Response): Promise<[number, string]> {
  const { error } = (await answer.json()) as { error: { code: string } };
  return [answer.status, error.code];
}
