// What a learner can set for the next question.

import type { Mode, RunSettings } from '@turnstream/server/chat';

export const MODES = ['full', 'streaming', 'background'] as const satisfies readonly Mode[];
export const SESSIONS = ['none', 'same', 'new'] as const;

export type { Mode };
export type SessionChoice = (typeof SESSIONS)[number];

export interface Settings extends RunSettings {
  readonly session: SessionChoice;
  readonly api: 'responses' | 'chat_completions';
  readonly model: 'demo' | 'live';
  readonly fault: string;
}

export const DEFAULTS: Settings = {
  mode: 'streaming',
  session: 'same',
  api: 'responses',
  model: 'demo',
  fault: 'none',
};

export const MODE_NAMES: Readonly<Record<Mode, string>> = {
  full: 'Full answer',
  streaming: 'Streaming',
  background: 'Background',
};

/** What a newcomer has to know of each. */
export const HINTS: Readonly<Record<string, string>> = {
  full: 'all at the end',
  streaming: 'word by word',
  background: 'fetched later',
  none: 'no memory',
  same: 'remembers',
};

export const SESSION_NAMES: Readonly<Record<SessionChoice, string>> = {
  none: 'None',
  same: 'Same',
  new: 'New for every turn',
};
