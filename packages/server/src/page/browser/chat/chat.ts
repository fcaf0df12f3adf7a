// The conversation of the chat: turns loaded from its session, turns of this page, and the actions on both. Views listen
// and draw.
import { answerRun, answerTo, type Connection, cancelRun, type PublicRun } from '../../../client/index.ts';
import { errorWords } from '../dom.ts';
import { forgetOpen, keepOpen, keepSession, keptOpen, keptSession } from '../run/kept.ts';
import { forgetName, nameOf, nameSession } from '../run/names.ts';
import type { ChatRun, Mode } from '../run/run.ts';
import { forgetSession, readConversation, takeBack } from '../run/sessions.ts';
import { Redraw } from './redraw.ts';

/** What the chat leaves to the page that it is on. */
export interface ChatPage<Run extends ChatRun> {
  readonly connection: Connection;
  /** How a question is asked if nothing else is said. */
  settings(): Run['settings'];
  /** A run that is not sent yet. */
  make(question: string, settings: Run['settings'], id?: string): Run;
  /** Sends the run and follows it to its end. Never rejects. */
  perform(run: Run, sessionId: string | null): Promise<void>;
  /** Follows a background run that was started before the page was loaded. Never rejects. */
  goOn(run: Run): Promise<void>;
  /** The conversation is left for another one. */
  left(): void;
}

/** A chat with the agent. */
export class Chat<Run extends ChatRun = ChatRun> {
  readonly connection: Connection;
  /** A message to the reader, such as after a reload. */
  notice: string | null = null;
  /** The conversation that the next question continues; null for a new one. */
  sessionId: string | null = keptSession();
  readonly #page: ChatPage<Run>;
  readonly #redraw = new Redraw();
  /** The listener is called in a frame after any number of changes. */
  readonly onChange = this.#redraw.onChange;
  readonly changed = this.#redraw.changed;
  readonly drawLater = this.#redraw.drawLater;
  #turns: readonly Run[] = [];
  /** Questions wait for it: the saved conversation may have been deleted, or belong to another user. */
  #loading: Promise<number | null> | undefined;
  /** How many times a conversation was left for another one. */
  #timesLeft = 0;

  constructor(page: ChatPage<Run>) {
    this.connection = page.connection;
    this.#page = page;
  }

  /** Oldest first. */
  get turns(): readonly Run[] {
    return this.#turns.filter(({ isReplaced }) => !isReplaced);
  }

  /** The answer that is being given here; those in the background do not count. */
  get current(): Run | null {
    return this.#turns.findLast(({ isOpen, settings }) => isOpen && settings.mode !== 'background') ?? null;
  }

  /** Null before the first question. */
  get title(): string | null {
    return this.sessionId === null ? null : (nameOf(this.sessionId) ?? null);
  }

  /** For after every change of a run. */
  changedIn(run: Run): void {
    this.changed();
    // Before the end is drawn: a reader who sees it may load the page again at once.
    if (!run.isOpen) forgetOpen(run);
    if (!this.#turns.includes(run)) return;
    if (run.isOpen) keepOpen(run);
    const { sessionId, question } = run;
    if (sessionId === null) return;
    if (nameOf(sessionId) === undefined) nameSession(sessionId, question);
    if (run.isContinuing) this.#goOnIn(sessionId);
  }

  /** `mode` is another one than the page's settings have. */
  send(question: string, mode: Mode = this.#page.settings().mode): Promise<Run> {
    const run = this.#page.make(question, { ...this.#page.settings(), mode });
    return this.#ask(run, () => (run.isContinuing ? this.sessionId : null));
  }

  async #ask(run: Run, sessionId: () => string | null): Promise<Run> {
    // Asking something else instead of deciding gives up the calls that wait for approval.
    for (const turn of this.#turns) if (turn.runId === null) turn.approvals = [];
    this.#turns = [...this.#turns, run];
    this.notice = null;
    keepOpen(run);
    this.changed();
    await this.#loading?.catch(() => {});
    await this.#page.perform(run, sessionId());
    return run;
  }

  /** Asks the last question again, or an edited one. Removes its turn from the session first. */
  async again(run: Run, question: string = run.question): Promise<void> {
    const { sessionId } = run;
    try {
      if (run.isInSession && sessionId !== null && sessionId === this.sessionId)
        await takeBack(this.connection, sessionId, run.question);
    } catch (error) {
      return this.#tell(`Not asked again. ${errorWords(error)}`);
    }
    run.isReplaced = true;
    await this.send(question);
  }

  /** Approves or rejects all calls that a run waits for. In a chat, that is a new request. */
  async decide(run: Run, isApproved: boolean): Promise<void> {
    const calls = run.approvals;
    const answers = calls.map((each) => answerTo(each, isApproved));
    run.approvals = [];
    this.changed();
    if (run.runId !== null) {
      await answerRun(this.connection, run.runId, answers).catch((error: unknown) => this.#tell(errorWords(error)));
      return;
    }
    const names = calls.map(({ name }) => name).join(', ');
    const decision = this.#page.make(`${isApproved ? 'You allowed' : 'You rejected'} ${names}.`, run.settings);
    decision.decision = answers;
    decision.tools = calls.map((call) => ({ ...call, status: 'called', result: null }));
    await this.#ask(decision, () => run.sessionId);
  }

  /** Closes the connection of a stream; a background run is cancelled by a request of its own. */
  async stop(run: Run | null = this.current): Promise<void> {
    if (run === null) return;
    if (run.settings.mode !== 'background' || run.runId === null) return run.abort();
    try {
      await cancelRun(this.connection, run.runId);
    } catch (error) {
      this.#tell(`Not stopped. ${errorWords(error)}`);
    }
  }

  /** The next question begins a conversation. */
  startAnew(): void {
    for (const run of this.#turns) if (run.isOpen) run.abort();
    this.#timesLeft += 1;
    this.#loading = undefined;
    this.#turns = [];
    this.notice = null;
    this.#goOnIn(null);
    this.#page.left();
    this.changed();
  }

  async open(sessionId: string): Promise<void> {
    this.startAnew();
    this.#loading = this.#read(sessionId);
    if ((await this.#loading) !== null) this.#goOnIn(sessionId);
    this.changed();
  }

  /**
   * Loads the conversation that the page was left in. Returns how many turns it has; null if there is none to go on with,
   * or the reader has already left it.
   */
  restore(): Promise<number | null> {
    this.#loading = this.#restore();
    return this.#loading;
  }

  async #restore(): Promise<number | null> {
    const { sessionId } = this;
    this.#showCut();
    let count: number | null = null;
    try {
      if (sessionId !== null) count = await this.#read(sessionId);
    } catch (error) {
      // Deleted, or another owner's.
      if ((error as { code?: unknown }).code === 'not_found') this.#goOnIn(null);
      else this.notice = `The conversation could not be read: ${errorWords(error)} Then load this page again.`;
    }
    this.changed();
    return count;
  }

  /** Deletes it on the server. */
  async forget(sessionId: string): Promise<void> {
    await forgetSession(this.connection, sessionId);
    forgetName(sessionId);
    if (sessionId === this.sessionId) this.startAnew();
  }

  /** Returns how many turns were read; null if the conversation was left for another one before they arrived. */
  async #read(sessionId: string): Promise<number | null> {
    const timesLeft = this.#timesLeft;
    const conversation = await readConversation(this.connection, sessionId).catch((error: unknown) => {
      if (timesLeft === this.#timesLeft) throw error;
    });
    if (conversation === undefined || timesLeft !== this.#timesLeft) return null;
    const { turns, approvals, runs } = conversation;
    const others = [...runs];
    const read = turns.map((turn) => {
      // If a run asked for consent, the session has its question, but only the run has the whole text of its turn.
      const place = others.findIndex(({ askedAtMs, message }) => askedAtMs !== null && message === turn.question);
      const [run] = place < 0 ? [] : others.splice(place, 1);
      if (run !== undefined) return this.#runOf(run);
      const restored = this.#page.make(turn.question, this.#page.settings());
      restored.restore(sessionId, turn);
      return restored;
    });
    const last = read.at(-1);
    if (last?.runId === null) last.approvals = approvals;
    read.push(...others.map((run) => this.#runOf(run)));
    this.#turns = [...read, ...this.#turns];
    return read.length;
  }

  #runOf(found: PublicRun): Run {
    const kept = keptOpen().find(({ runId }) => runId === found.runId);
    const settings: Run['settings'] = kept?.settings ?? { ...this.#page.settings(), mode: 'background' };
    const run = this.#page.make(found.message, settings, kept?.id);
    run.runId = found.runId;
    run.sessionId = found.sessionId;
    run.isRestored = true;
    if (found.end === null) void this.#page.goOn(run).then(() => forgetOpen(run));
    else run.takeEnd(found);
    return run;
  }

  /** The streams that ended with the page: their connections are gone. */
  #showCut(): void {
    for (const { question, settings, id, runId } of keptOpen()) {
      if (runId !== null) continue;
      const run = this.#page.make(question, settings, id);
      run.cutByLeaving();
      forgetOpen(run);
      this.#turns = [...this.#turns, run];
    }
  }

  #goOnIn(sessionId: string | null): void {
    this.sessionId = sessionId;
    keepSession(sessionId);
  }

  #tell(notice: string): void {
    this.notice = notice;
    this.changed();
  }
}
