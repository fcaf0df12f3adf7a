// What the page holds: the settings, the latest runs, and the conversation of the chat. Views listen and draw.
import { cancelRun } from '@turnstream/server/client';
import { connection } from './connection.ts';
import { perform } from './run/perform.ts';
import { Run } from './run/run.ts';
import { DEFAULTS, type Settings } from './settings.ts';

const KEPT_RUNS = 20;

export class Lab {
  settings: Settings = DEFAULTS;
  /** Oldest first. */
  runs: readonly Run[] = [];
  /** The conversation that the next question of the chat goes on with, when the session is `same`. */
  sessionId: string | null = null;
  /** The run that stack and wire show, and the frame that is picked in it. */
  selected: Run | null = null;
  selectedFrame: number | null = null;
  readonly #listeners = new Set<() => void>();
  #isScheduled = false;

  /** The run of the chat that is open. */
  get current(): Run | null {
    return (
      this.runs.findLast(({ isInChat, isOpen, settings }) => isInChat && isOpen && settings.mode !== 'background') ??
      null
    );
  }

  /** Called at most once a frame, after any number of changes. */
  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  readonly changed = (): void => {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    requestAnimationFrame(() => {
      this.#isScheduled = false;
      for (const listener of this.#listeners) listener();
    });
  };

  set(settings: Partial<Settings>): void {
    this.settings = { ...this.settings, ...settings };
    if (this.settings.mode === 'background') this.settings = { ...this.settings, api: 'responses' };
    this.changed();
  }

  /** A question of the chat. A fault strikes once. */
  async send(question: string): Promise<Run> {
    const run = new Run(question, this.settings);
    this.set({ fault: 'none' });
    await this.experiment(run, this.sessionId);
    if (run.settings.session === 'same' && run.sessionId !== null) this.sessionId = run.sessionId;
    return run;
  }

  /** A run beside the chat, or one that was made elsewhere. */
  async experiment(run: Run, sessionId: string | null): Promise<Run> {
    this.runs = [...this.runs, run].slice(-KEPT_RUNS);
    this.select(run);
    const goesOn = run.settings.session === 'same' ? sessionId : null;
    await perform(run, {
      sessionId: goesOn,
      changed: () => {
        if (run.isInChat && run.settings.session === 'same') this.sessionId = run.sessionId ?? this.sessionId;
        this.changed();
      },
    });
    return run;
  }

  /** Asks again what failed, once. */
  retry(run: Run): Promise<Run> {
    return this.send(run.question);
  }

  /** Closes the connection of a stream; a background run is cancelled by a request of its own. */
  stop(run: Run | null = this.current): void {
    if (run === null) return;
    if (run.runId === null) run.abort();
    else void cancelRun(connection, run.runId);
  }

  select(run: Run, frame: number | null = null): void {
    this.selected = run;
    this.selectedFrame = frame;
    this.changed();
  }

  /** The next question begins a conversation. */
  startAnew(): void {
    for (const run of this.runs) if (run.isOpen && run.runId === null) run.abort();
    this.sessionId = null;
    this.runs = this.runs.filter(({ isInChat }) => !isInChat);
    this.selected = this.runs.at(-1) ?? null;
    this.changed();
  }
}
