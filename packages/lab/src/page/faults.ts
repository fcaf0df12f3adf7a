// The faults as a learner sees them: what breaks, and what to watch for.

export const FAULT_NAMES: Readonly<Record<string, string>> = {
  none: 'None',
  slow: 'Slow first word',
  stall: 'Silence in mid-answer',
  cut: 'Cut connection',
  error: 'Error in mid-answer',
  busy: 'Busy (429), then fine',
  flood: 'Endless answer',
  buffer: 'Buffering proxy',
  crash: 'Worker crash',
  restart: 'Server restart',
};

export interface FaultStory {
  readonly fault: string;
  /** What goes wrong. */
  readonly breaks: string;
  /** The prediction to make first. */
  readonly ask: string;
}

export const FAULT_STORIES: readonly FaultStory[] = [
  { fault: 'slow', breaks: 'The model takes the question and sends nothing.', ask: 'Who gives up first, and when?' },
  {
    fault: 'stall',
    breaks: 'The model falls silent after a few words. Its connection stays open.',
    ask: 'Does a check inside the reading loop ever run?',
  },
  {
    fault: 'cut',
    breaks: 'The connection between server and page breaks.',
    ask: 'Half an answer is on the page. Is it in the session?',
  },
  {
    fault: 'error',
    breaks: 'The service reports an error inside a stream that began with status 200.',
    ask: 'Status 200: success or failure?',
  },
  {
    fault: 'busy',
    breaks: 'The service says 429 and when to come back.',
    ask: 'How many requests does one answer take?',
  },
  { fault: 'flood', breaks: 'The model does not stop writing.', ask: 'Which limit ends it, if not time?' },
  {
    fault: 'buffer',
    breaks: 'A proxy collects the body before it passes it on.',
    ask: 'The server streams. What does the page see?',
  },
  {
    fault: 'crash',
    breaks: 'The process that works on a background run is killed.',
    ask: 'How many workers take the run, and how often is its turn stored?',
  },
  {
    fault: 'restart',
    breaks: 'The server stops and starts again during a background run.',
    ask: 'What does the page do meanwhile?',
  },
];

/** Faults of the process, which only a background run outlives. */
export function needsBackground(fault: string): boolean {
  return fault === 'crash' || fault === 'restart';
}
