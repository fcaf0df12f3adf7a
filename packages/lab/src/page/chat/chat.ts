// The conversation in the chat: turns loaded from its session, turns of this page, and the actions on both.
import { type ApprovalAnswer, answerRun, answerTo } from '@turnstream/server/client';
import { connection } from '../connection.ts';
import { count, errorWords } from '../dom.ts';
import type { Lab } from '../lab.ts';
import { forgetName, hideSession, nameOf, nameSession } from '../run/names.ts';
import { CHAT, Run } from '../run/run.ts';
import { forgetSession, readSession, takeBack } from '../run/sessions.ts';
import { DEFAULTS } from '../settings.ts';

export class Chat {
  /** A message to the reader, such as after a reload. */
  notice: string | null = null;
  readonly #lab: Lab;
  /** Turns loaded from the session, and runs that the instruments no longer show. */
  #earlier: readonly Run[] = [];

  constructor(lab: Lab) {
    this.#lab = lab;
  }

  /** Oldest first. */
  get turns(): readonly Run[] {
    return [...this.#earlier, ...this.#lab.runs.filter(({ isInChat }) => isInChat)].filter((run) => !run.isReplaced);
  }

  /** Null before the first question. */
  get title(): string | null {
    const { sessionId } = this.#lab;
    return sessionId === null ? null : (nameOf(sessionId) ?? null);
  }

  /** Names the session of a run after its question, if it has no name. */
  named({ sessionId, question, isInChat }: Run): void {
    if (sessionId === null || nameOf(sessionId) !== undefined) return;
    if (isInChat) nameSession(sessionId, question);
    else hideSession(sessionId);
  }

  /** Keeps runs that the instruments no longer show, without their frames. */
  keep(runs: readonly Run[]): void {
    for (const run of runs) run.frames = [];
    this.#earlier = [...this.#earlier, ...runs.filter(({ isInChat }) => isInChat)];
  }

  clear(): void {
    this.#earlier = [];
    this.notice = null;
  }

  /** Loads the conversation after a reload and says what happened. */
  async restore(): Promise<void> {
    const { sessionId } = this.#lab;
    if (sessionId === null) return;
    try {
      const kept = await this.#read(sessionId);
      this.notice = `The page was reloaded. ${count(kept, 'turn')} of this conversation ${kept === 1 ? 'is' : 'are'} in its session; their times and frames are gone.`;
    } catch (error) {
      this.#lab.goOnIn(null);
      this.notice = `The page was reloaded, and its conversation cannot be read: ${errorWords(error)} The next question begins a new one.`;
    }
    this.#lab.changed();
  }

  async open(sessionId: string): Promise<void> {
    this.#lab.startAnew();
    await this.#read(sessionId);
    this.#lab.goOnIn(sessionId);
  }

  async #read(sessionId: string): Promise<number> {
    const { turns, approvals } = await readSession(sessionId);
    // A background run that waits for consent, or has just ended, has stored its question.
    const isUnderWay = (question: string): boolean =>
      this.#lab.runs.some((run) => run.isInChat && run.runId !== null && run.question === question);
    const shown = turns.filter(({ question }, index) => index < turns.length - 1 || !isUnderWay(question));
    this.#earlier = shown.map((turn) => {
      const run = new Run(turn.question, DEFAULTS);
      run.restore(sessionId, turn);
      return run;
    });
    const last = this.#earlier.at(-1);
    if (last !== undefined) last.approvals = approvals;
    return turns.length;
  }

  /** Asks the last question again, or an edited one. Removes its turn from the session first. */
  async again(run: Run, question: string = run.question): Promise<void> {
    const { sessionId } = run;
    try {
      if (run.isInSession && sessionId !== null && sessionId === this.#lab.sessionId)
        await takeBack(sessionId, run.question);
    } catch (error) {
      this.notice = `Not asked again. ${errorWords(error)}`;
      return this.#lab.changed();
    }
    this.notice = null;
    run.isReplaced = true;
    await this.#lab.send(question);
  }

  /** Approves or rejects all calls that a run waits for. In a chat, that is a new request. */
  async decide(run: Run, isApproved: boolean): Promise<void> {
    const answers = run.approvals.map((each) => answerTo(each, isApproved));
    const calls = run.approvals;
    run.approvals = [];
    this.#lab.changed();
    if (run.runId !== null) return this.#decideRun(run.runId, answers);
    const names = calls.map(({ name }) => name).join(', ');
    const decision = new Run(`${isApproved ? 'You allowed' : 'You rejected'} ${names}.`, run.settings, CHAT);
    decision.decision = answers;
    decision.tools = calls.map((call) => ({ ...call, status: 'called', result: null }));
    await this.#lab.ask(decision, run.sessionId);
  }

  async #decideRun(runId: string, answers: readonly ApprovalAnswer[]): Promise<void> {
    try {
      await answerRun(connection, runId, answers);
    } catch (error) {
      this.notice = errorWords(error);
      this.#lab.changed();
    }
  }

  /** Deletes it on the server. */
  async forget(sessionId: string): Promise<void> {
    await forgetSession(sessionId);
    forgetName(sessionId);
    if (sessionId === this.#lab.sessionId) this.#lab.startAnew();
  }
}
