// What the page holds: the settings, the latest runs, and the conversation of the chat. Views listen and draw.
import { cancelRun } from '@turnstream/server/client';
import { Chat } from './chat/chat.ts';
import { connection } from './connection.ts';
import { needsBackground } from './faults.ts';
import { forgetOpen, keepOpen, keepSession, keptOpen, keptSession } from './run/kept.ts';
import { cutByLeaving, goOn, perform } from './run/perform.ts';
import { CHAT, Run } from './run/run.ts';
import { DEFAULTS, type Settings } from './settings.ts';

const KEPT_RUNS = 20;

export class Lab {
  settings: Settings = DEFAULTS;
  /** Oldest first. */
  runs: readonly Run[] = [];
  /** The conversation that the next question of the chat continues, when the session is `same`. */
  sessionId: string | null = null;
  /** The run that stack and wire show, and the frame that is picked in it. */
  selected: Run | null = null;
  selectedFrame: number | null = null;
  /** The view that is on the screen. */
  view = 'lab';
  /** How often the proof was run. */
  proofs = 0;
  readonly chat: Chat = new Chat(this);
  readonly #listeners = new Set<() => void>();
  #isScheduled = false;
  #news: readonly Run[] = [];

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
      // The lane of an open run grows even if no bytes arrive.
      if (this.runs.some(({ isOpen }) => isOpen)) this.changed();
    });
  };

  set(settings: Partial<Settings>): void {
    this.settings = { ...this.settings, ...settings };
    if (this.settings.model === 'live') this.settings = { ...this.settings, fault: 'none' };
    // Only a run in the background outlives its server, and only one of the two APIs has them.
    if (needsBackground(this.settings.fault)) this.settings = { ...this.settings, mode: 'background' };
    if (this.settings.mode === 'background') this.settings = { ...this.settings, api: 'responses' };
    this.changed();
  }

  /** A question of the chat. A fault strikes once. */
  send(question: string): Promise<Run> {
    const run = new Run(question, this.settings);
    this.set({ fault: 'none' });
    return this.ask(run, run.settings.session === 'same' ? this.sessionId : null);
  }

  /** A run of the chat in this session; null starts one, or none, depending on its settings. */
  async ask(run: Run, sessionId: string | null): Promise<Run> {
    keepOpen(run);
    this.select(run);
    this.#add(run);
    await perform(run, { sessionId, changed: () => this.#changedIn(run) });
    this.#ended(run);
    return run;
  }

  /** A run outside the chat. `sessionId` is the session that `same` continues. */
  async experiment(run: Run, sessionId: string | null = null): Promise<Run> {
    this.#add(run);
    const goesOn = run.settings.session === 'same' ? sessionId : null;
    await perform(run, { sessionId: goesOn, changed: () => this.#changedIn(run) });
    return run;
  }

  /** Restores runs that were in progress when the page was left: a stream was cut off, a background run continues. */
  resume(): void {
    this.sessionId = keptSession();
    void this.chat.restore();
    for (const { question, settings, runId, sessionId, id } of keptOpen()) {
      const run = new Run(question, settings, CHAT, id);
      run.runId = runId;
      run.sessionId = sessionId;
      this.#add(run);
      this.select(run);
      if (runId === null) cutByLeaving(run);
      else void goOn(run, () => this.#changedIn(run)).then(() => this.#ended(run, true));
    }
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

  #add(run: Run): void {
    const runs = [...this.runs, run];
    this.chat.keep(runs.slice(0, -KEPT_RUNS));
    this.runs = runs.slice(-KEPT_RUNS);
    this.changed();
  }

  #changedIn(run: Run): void {
    if (run.isInChat && run.settings.session === 'same' && run.sessionId !== null) this.sessionId = run.sessionId;
    if (run.isInChat) keepSession(this.sessionId);
    if (run.isInChat && run.isOpen) keepOpen(run);
    this.chat.named(run);
    this.changed();
  }

  #ended(run: Run, isResumed = false): void {
    forgetOpen(run);
    const isSeen = !document.hidden && ['lab', 'chat'].includes(this.view);
    if (run.runId !== null && (isResumed || !isSeen)) this.#news = [...this.#news, run];
    this.changed();
  }

  /** Asks a failed question again, once. */
  retry(run: Run): Promise<void> {
    return this.chat.again(run);
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

  /** Sets the session of the next question; null starts one. */
  goOnIn(sessionId: string | null): void {
    this.sessionId = sessionId;
    keepSession(sessionId);
    this.changed();
  }

  /** The next question begins a conversation. */
  startAnew(): void {
    for (const run of this.runs) if (run.isOpen && run.runId === null) run.abort();
    this.goOnIn(null);
    this.chat.clear();
    this.#news = [];
    this.runs = this.runs.filter(({ isInChat }) => !isInChat);
    this.selected = this.runs.at(-1) ?? null;
    this.changed();
  }
}
