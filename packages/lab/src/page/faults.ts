// The faults as a learner sees them: what breaks, and what to watch for.

export interface FaultStory {
  readonly fault: string;
  readonly name: string;
  /** What goes wrong. */
  readonly breaks: string;
  /** The prediction to make first. */
  readonly ask: string;
}

export const FAULT_STORIES: readonly FaultStory[] = [
  {
    fault: 'slow',
    name: 'Slow first word',
    breaks: 'The model takes the question and sends nothing.',
    ask: 'Who gives up first, and when?',
  },
  {
    fault: 'stall',
    name: 'Silence in mid-answer',
    breaks: 'The model falls silent after a few words. Its connection stays open.',
    ask: 'Does a check inside the reading loop ever run?',
  },
  {
    fault: 'cut',
    name: 'Cut connection',
    breaks: 'The connection between server and page breaks.',
    ask: 'Half an answer is on the page. Is it in the session?',
  },
  {
    fault: 'error',
    name: 'Error in mid-answer',
    breaks: 'The service reports an error inside a stream that began with status 200.',
    ask: 'Status 200: success or failure?',
  },
  {
    fault: 'busy',
    name: 'Busy (429), then fine',
    breaks: 'The service says 429 and when to come back.',
    ask: 'How many requests does one answer take?',
  },
  {
    fault: 'flood',
    name: 'Endless answer',
    breaks: 'The model does not stop writing.',
    ask: 'Which limit ends it, if not time?',
  },
  {
    fault: 'buffer',
    name: 'Buffering proxy',
    breaks: 'A proxy collects the body before it passes it on.',
    ask: 'The server streams. What does the page see?',
  },
  {
    fault: 'crash',
    name: 'Worker crash',
    breaks: 'The process that works on a background run is killed.',
    ask: 'How many workers take the run, and how often is its turn stored?',
  },
  {
    fault: 'restart',
    name: 'Server restart',
    breaks: 'The server stops and starts again during a background run.',
    ask: 'What does the page do meanwhile?',
  },
];

export const FAULT_NAMES: Readonly<Record<string, string>> = {
  none: 'None',
  ...Object.fromEntries(FAULT_STORIES.map(({ fault, name }) => [fault, name])),
};

/** Faults of the process, which only a background run outlives. */
export function needsBackground(fault: string): boolean {
  return fault === 'crash' || fault === 'restart';
}
