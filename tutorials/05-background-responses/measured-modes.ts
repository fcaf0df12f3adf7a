// The three modes of a run with the same question, and how long each one waits.
import type { Agent } from '@turnstream/core';

export interface Moments {
  /** Milliseconds from the start until there was something to read. */
  readonly firstWordMs: number;
  /** Milliseconds from the start until all of it was there. */
  readonly totalMs: number;
}

export const modes: Readonly<Record<string, (agent: Agent, question: string) => Promise<Moments>>> = {
  'non-streaming': async (agent, question) => {
    const startedAt = performance.now();
    await agent.run(question);
    const totalMs = performance.now() - startedAt;
    return { firstWordMs: totalMs, totalMs };
  },
  streaming: async (agent, question) => {
    const startedAt = performance.now();
    let firstWordMs: number | null = null;
    for await (const { text } of agent.runStreaming(question)) {
      if (text !== '') firstWordMs ??= performance.now() - startedAt;
    }
    const totalMs = performance.now() - startedAt;
    return { firstWordMs: firstWordMs ?? totalMs, totalMs };
  },
  background: async (agent, question) => {
    const startedAt = performance.now();
    const run = await agent.runInBackground(question);
    await run.wait({ pollMs: 250 });
    const totalMs = performance.now() - startedAt;
    return { firstWordMs: totalMs, totalMs };
  },
};
