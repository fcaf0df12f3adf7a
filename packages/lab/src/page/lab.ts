// What the page holds: the settings, the latest runs, and the chat. Views listen and draw.
import { Chat, count, hideSession } from '@turnstream/server/chat';
import { connection } from './connection.ts';
import { needsBackground } from './faults.ts';
import { goOn, perform } from './run/perform.ts';
import { CHAT, Run } from './run/run.ts';
import { DEFAULTS, type Settings } from './settings.ts';

const KEPT_RUNS = 20;

export class Lab {
  settings: Settings = DEFAULTS;
  /** Oldest first. */
  runs: readonly Run[] = [];
  /** The run that stack and wire show, and the frame that is picked in it. */
  selected: Run | null = null;
  selectedFrame: number | null = null;
  /** The view that is on the screen. */
  view = 'lab';
  /** How often the proof was run. */
  proofs = 0;
  readonly chat: Chat<Run> = this.#openChat();
  readonly changed = this.chat.changed;
  #news: readonly Run[] = [];

  constructor() {
    // The lane of an open run grows even if no bytes arrive.
    this.onChange(() => this.runs.some(({ isOpen }) => isOpen) && this.chat.drawLater());
  }

  /** Called in a frame after any number of changes. */
  onChange(listener: () => void): void {
    this.chat.onChange(listener);
  }

  set(settings: Partial<Settings>): void {
    this.settings = { ...this.settings, ...settings };
    if (this.settings.model === 'live') this.settings = { ...this.settings, fault: 'none' };
    // Only a run in the background outlives its server, and only one of the two APIs has them.
    if (needsBackground(this.settings.fault)) this.settings = { ...this.settings, mode: 'background' };
    if (this.settings.mode === 'background') this.settings = { ...this.settings, api: 'responses' };
    this.changed();
  }

  /** A run outside the chat. `sessionId` is the session that `same` continues. */
  async experiment(run: Run, sessionId: string | null = null): Promise<Run> {
    this.#add(run);
    const changed = (): void => {
      if (run.sessionId !== null) hideSession(run.sessionId);
      this.changed();
    };
    await perform(run, { sessionId: run.isContinuing ? sessionId : null, changed });
    return run;
  }

  /** Results that arrived while the reader was elsewhere, until they are viewed. */
  get news(): readonly Run[] {
    return this.#news;
  }

  lookAtNews(): void {
    const latest = this.#news.at(-1);
    this.#news = [];
    if (latest !== undefined) this.select(latest);
  }

  select(run: Run, frame: number | null = null): void {
    this.selected = run;
    this.selectedFrame = frame;
    this.changed();
  }

  /** Shows what the page was left with, and says so. */
  async resume(): Promise<void> {
    const kept = await this.chat.restore();
    for (const run of this.chat.turns.filter(({ state }) => state === 'cut')) {
      this.#add(run);
      this.select(run);
    }
    if (kept === null) return;
    this.chat.notice = `The page was reloaded. ${count(kept, 'turn')} of this conversation ${kept === 1 ? 'is' : 'are'} in its session; their times and frames are gone.`;
  }

  #openChat(): Chat<Run> {
    return new Chat<Run>({
      connection,
      settings: () => this.settings,
      make: (question, settings, id) => new Run(question, settings, CHAT, id),
      perform: (run, sessionId) => this.#perform(run, sessionId),
      goOn: (run) => this.#goOn(run),
      left: () => this.#left(),
    });
  }

  async #perform(run: Run, sessionId: string | null): Promise<void> {
    this.select(run);
    this.#add(run);
    // A fault strikes once.
    this.set({ fault: 'none' });
    await perform(run, { sessionId, changed: () => this.chat.changedIn(run) });
    this.#ended(run, !document.hidden && ['lab', 'chat'].includes(this.view));
  }

  async #goOn(run: Run): Promise<void> {
    this.#add(run);
    this.select(run);
    await goOn(run, () => this.chat.changedIn(run));
    this.#ended(run, false);
  }

  #ended(run: Run, isSeen: boolean): void {
    if (run.runId !== null && !isSeen) this.#news = [...this.#news, run];
    this.changed();
  }

  #add(run: Run): void {
    const runs = [...this.runs, run];
    // The chat still shows their words.
    for (const old of runs.slice(0, -KEPT_RUNS)) old.frames = [];
    this.runs = runs.slice(-KEPT_RUNS);
    this.changed();
  }

  #left(): void {
    this.#news = [];
    this.runs = this.runs.filter(({ isInChat }) => !isInChat);
    this.selected = this.runs.at(-1) ?? null;
  }
}
