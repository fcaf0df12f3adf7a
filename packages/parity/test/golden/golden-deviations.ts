// The recordings that this library contradicts on purpose: why, and the test of its own that pins what happens instead.
import type { TestLink } from './test-link.ts';

export interface GoldenDeviation {
  readonly trace: string;
  readonly reason: string;
  readonly test: TestLink;
  /** Looks at the finished run that come after the recorded requests: its status ends a run here, not its stream. */
  readonly looks?: number;
}

/** What is expected instead stands in the recording itself, as data: `deviation.expected`. */
export const goldenDeviations: readonly GoldenDeviation[] = [
  {
    trace: 'background-stream-resume',
    reason: 'A resumed stream continues where it was left; the original replays it from the beginning.',
    test: {
      file: 'packages/core/test/background/tokens.test.ts',
      title: 'left at any point and resumed by token, the texts join to the answer: nothing twice, nothing missing',
    },
    looks: 1,
  },
  {
    trace: 'chat-stream-break',
    reason: 'Leaving the loop stops the model; the original lets it keep writing, at the user’s cost.',
    test: { file: 'packages/openai/test/call/stopping.test.ts', title: '$name: break closes the connection at once' },
  },
  {
    trace: 'chat-stream-tool-interleaved',
    reason: 'Fragments of calls are joined by index; the original joins them by position, and both calls fail.',
    test: {
      file: 'packages/openai/test/chat-completions/call-fragments.test.ts',
      title: 'calls that come interleaved are joined by index',
    },
  },
  {
    trace: 'chat-stream-truncated',
    reason: 'Half an answer is an error and is not remembered; the original takes it for the whole one.',
    test: {
      file: 'packages/openai/test/call/stream-ends.test.ts',
      title: '$name: a stream that ends cleanly without its end mark is stream_truncated',
    },
  },
  {
    trace: 'chat-tool-error',
    reason: 'What a tool threw may hold anything, so no history keeps it; the original stores it with the result.',
    test: { file: 'packages/core/test/tools/failing-calls.test.ts', title: 'only onToolError gets a tool’s exception' },
  },
  {
    trace: 'responses-failed',
    reason: "A failed answer is an error, and the service's id stays at the last good one; the original has neither.",
    test: {
      file: 'packages/parity/test/turns-over-the-wire.test.ts',
      title:
        'Responses: with history at the service nothing is replayed, and the id follows the answers that succeeded',
    },
  },
];

export function looksAfter(trace: string): number {
  return goldenDeviations.find((each) => each.trace === trace)?.looks ?? 0;
}
