// The metrics by name, each loaded alone: what a child process does not need must not be in its start.
import type { Metric } from './scene.ts';

export type MetricName =
  | 'burst'
  | 'reasoned'
  | 'paced'
  | 'first-update'
  | 'run'
  | 'background'
  | 'burst-tls'
  | 'run-tls'
  | 'long-session'
  | 'idle-session'
  | 'start'
  | 'start-bundled'
  | 'promises'
  | 'tools-burst'
  | 'tool-rounds'
  | 'stopped';

export const METRICS: Readonly<Record<MetricName, () => Promise<Metric>>> = {
  burst: async () => (await import('./metrics/burst.ts')).burst,
  reasoned: async () => (await import('./metrics/reasoned.ts')).reasoned,
  paced: async () => (await import('./metrics/paced.ts')).paced,
  'first-update': async () => (await import('./metrics/first-update.ts')).firstUpdate,
  run: async () => (await import('./metrics/whole-answer.ts')).wholeAnswer,
  background: async () => (await import('./metrics/background.ts')).background,
  'burst-tls': async () => (await import('./metrics/burst.ts')).burst,
  'run-tls': async () => (await import('./metrics/whole-answer.ts')).wholeAnswer,
  'long-session': async () => (await import('./metrics/long-session.ts')).longSession,
  'idle-session': async () => (await import('./metrics/idle-session.ts')).idleSession,
  start: async () => (await import('./metrics/start.ts')).start,
  'start-bundled': async () => (await import('./metrics/start.ts')).start,
  promises: async () => (await import('./metrics/promises.ts')).promises,
  'tools-burst': async () => (await import('./metrics/tools-burst.ts')).toolsBurst,
  'tool-rounds': async () => (await import('./metrics/tool-rounds.ts')).toolRounds,
  stopped: async () => (await import('./metrics/stopped.ts')).stopped,
};
