// What is mutated, and which tests have to notice.

export interface Target {
  readonly name: string;
  /** Rooms or files of `src`, as patterns. */
  readonly rooms: readonly string[];
  /** Test files, from the package's folder. */
  readonly tests: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export const TARGETS: readonly Target[] = [
  {
    name: 'core',
    rooms: ['*'],
    // Core cannot import testkit: the contracts of its stores and what it does with services are tested in other packages.
    tests: [
      'test/**/*.test.ts',
      '../../packages/history/test/memory-contract.test.ts',
      '../../packages/openai/test/call/{end-mark,stopping}.test.ts',
      '../../packages/openai/test/service/{answer-headers,http-error,key-redaction}.test.ts',
    ],
  },
  { name: 'openai', rooms: ['*'], tests: ['test/**/*.test.ts'] },
  { name: 'history', rooms: ['*'], tests: ['test/**/*.test.ts'] },
  {
    name: 'server',
    rooms: ['events', 'http', 'protocols', 'routes', 'sse', 'turn', 'worker'],
    // On SQLite, in one process: no store contracts, no second server, no browser, no address look-ups.
    tests: [
      'test/{client,http,routes,sse,turn}/*.test.ts',
      'test/protocols/**/*.test.ts',
      'test/worker/{approvals,events,log,other-turns,start,stops,streams,streams-with-tools,watchdog,worker}.test.ts',
      'test/callback/work.test.ts',
      'test/inspect/inspect.test.ts',
      'test/several-agents.test.ts',
    ],
    env: { DATABASE_URL: 'postgres://127.0.0.1:1/none' },
  },
];
