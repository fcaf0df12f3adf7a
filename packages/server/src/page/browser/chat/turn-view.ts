// One turn in the transcript: question, tool calls, answer, and how it ended.
import { count, h, time } from '../dom.ts';
import { iconButton, showIcon } from '../frame/icon.ts';
import type { ChatRun, RunState } from '../run/run.ts';
import type { ToolUse } from '../run/tool-use.ts';
import type { Chat } from './chat.ts';
import { consentForm } from './consent.ts';
import { copyButton } from './copy.ts';
import { GrowingMarkdown } from './markdown/growing.ts';
import { QuestionView } from './question.ts';
import { ToolCard } from './tool-card.ts';

export class TurnView<Run extends ChatRun> {
  readonly element: HTMLElement;
  readonly #run: Run;
  readonly #chat: Chat<Run>;
  readonly #model: string | null;
  readonly #question: QuestionView | null;
  readonly #answer: HTMLElement;
  readonly #text = new GrowingMarkdown();
  readonly #tools = h('div', { class: 'tools' });
  readonly #cards = new Map<ToolUse, ToolCard>();
  readonly #consent = h('div');
  readonly #note = h('p', { class: 'note', 'data-testid': 'note' });
  readonly #copy: HTMLButtonElement;
  readonly #again: HTMLButtonElement;
  readonly #stop: HTMLButtonElement;

  constructor(run: Run, chat: Chat<Run>, model: string | null) {
    this.#run = run;
    this.#chat = chat;
    this.#model = model;
    this.#question =
      run.decision === null
        ? new QuestionView({ text: run.question, onEdit: (text) => void chat.again(run, text) })
        : null;
    this.#copy = copyButton('Copy the answer', () => run.text);
    this.#again = iconButton('again', 'Ask again', { class: 'bare again', onClick: () => void chat.again(run) });
    this.#stop = stopButton(() => chat.stop(run));
    this.#answer = h(
      'article',
      { class: 'message', 'aria-label': 'Answer', 'data-testid': 'turn' },
      this.#tools,
      this.#text.element,
      this.#consent,
      this.#note,
      h('div', { class: 'actions' }, this.#copy, this.#again, this.#stop),
    );
    const asked = this.#question?.element ?? h('p', { class: 'decided' }, run.question);
    this.element = h('section', { class: 'exchange' }, asked, this.#answer);
  }

  /** Returns false if part of the text is not shown yet: call it again later. */
  draw(isLast: boolean): boolean {
    const run = this.#run;
    const isApart = !run.isOpen && !run.isInSession && run.state !== 'done';
    const isUpToDate = this.#text.show(run.text, !run.isOpen);
    this.#drawTools();
    this.#drawConsent();
    this.#answer.dataset['state'] = run.state;
    this.#answer.ariaBusy = run.isOpen ? 'true' : null;
    this.#answer.classList.toggle('apart', isApart);
    this.#say(noteOf(run, isApart, this.#model));
    const isFree = isLast && !run.isOpen && this.#chat.current === null;
    if (this.#question !== null) this.#question.isEditable = isFree;
    this.#copy.hidden = run.text === '' || run.isOpen;
    this.#stop.hidden = !run.isOpen || run.runId === null;
    this.#again.hidden = run.decision !== null || !(isApart || isFree);
    showIcon(this.#again, 'again', isApart ? 'Retry' : 'Ask again');
    this.#again.dataset['testid'] = isApart ? 'retry' : 'again';
    return isUpToDate;
  }

  #drawTools(): void {
    const { tools } = this.#run;
    for (const tool of tools) {
      if (this.#cards.has(tool)) continue;
      const card = new ToolCard(tool);
      this.#cards.set(tool, card);
      this.#tools.append(card.element);
    }
    for (const [tool, card] of this.#cards) {
      if (tools.includes(tool)) card.draw();
      else card.element.remove();
    }
  }

  #drawConsent(): void {
    const { approvals } = this.#run;
    const isShown = this.#consent.firstChild !== null;
    if (isShown === approvals.length > 0) return;
    this.#consent.replaceChildren(
      ...(isShown ? [] : [consentForm(approvals, (isApproved) => void this.#chat.decide(this.#run, isApproved))]),
    );
  }

  #say(note: string): void {
    if (this.#note.textContent === note) return;
    this.#note.textContent = note;
    this.#note.role = this.#run.problem === null ? null : 'alert';
  }
}

/** A background run has its own, because the next question does not wait for it. */
function stopButton(stop: () => Promise<void>): HTMLButtonElement {
  const button = h('button', { type: 'button', class: 'bare', 'data-testid': 'stop-run' }, 'Stop this run');
  button.addEventListener('click', () => {
    button.disabled = true;
    void stop().finally(() => (button.disabled = false));
  });
  return button;
}

const OPEN_NOTES: Readonly<Partial<Record<RunState, string>>> = {
  sent: 'Sending',
  waiting: 'Waiting for the first word',
  streaming: 'Answering',
  queued: 'Queued in the background. Closing the page is fine.',
  working: 'Working in the background. Closing the page is fine.',
  reconnecting: 'The server is away; looking again. The run goes on when it is back.',
};

function noteOf(run: ChatRun, isApart: boolean, model: string | null): string {
  const { state, problem, approvals, usage } = run;
  if (approvals.length > 0) return 'Waits for your consent.';
  if (run.isOpen) return OPEN_NOTES[state] ?? state;
  if (isApart) return `${wordsFor(problem) ?? 'Stopped.'} Not in the session.`;
  if (run.isRestored && state !== 'done') return 'Interrupted.';
  if (run.isRestored) return run.runId === null ? '' : 'Done in the background.';
  const said = [
    ...(model === null ? [] : [model]),
    ...(run.isCutShort ? ['cut short by the model'] : []),
    run.firstMs === null ? 'no words' : `first word ${time(run.firstMs)}`,
    `${time(run.totalMs)} in all`,
    count(run.updates, 'update'),
    usage === null ? 'tokens unknown' : `${usage.inputTokens} tokens in, ${usage.outputTokens} out`,
  ];
  return said.join(' · ');
}

/** Each start of the server creates a new token. */
function wordsFor(problem: ChatRun['problem']): string | null {
  if (problem?.code !== 'auth') return problem?.message ?? null;
  return 'This tab’s token is no longer valid. Open the address that the server printed when it was last started.';
}
