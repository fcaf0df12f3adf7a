// The page: one conversation with the agent, streamed or in the background. It shows what the server has, and no more.
/// <reference lib="dom" />
import { AgentError } from '@turnstream/core';
import { type Connection, type PendingApproval, type PublicRun, startRun } from '../client/index.ts';
import { approvalForm } from './approval-form.ts';
import { type Asked, takeTurn } from './chat-turn.ts';
import { type Conversation, readConversation } from './conversation.ts';
import { followRun, showUnanswered } from './run-view.ts';
import { Semaphore } from './semaphore.ts';
import { keepQuestion, keepSession, keptQuestion, keptSession, takeToken } from './tab-storage.ts';
import { MessageView } from './transcript.ts';

const transcript = element('transcript', HTMLElement);
const status = element('status', HTMLElement);
const badge = element('badge', HTMLElement);
const question = element('question', HTMLTextAreaElement);
const send = element('send', HTMLButtonElement);
const inBackground = element('in-background', HTMLButtonElement);

const connection: Connection = { url: document.documentElement.dataset['base'] ?? '', token: takeToken() };
const watching = new Semaphore(3);
/** Of this page. Another one may begin a conversation of its own meanwhile. */
let sessionId = keptSession();
let leaving = new AbortController();
/** The answer that is being streamed; null for none. */
let turn: AbortController | null = null;
/** The answer whose calls wait for approval; null for none. */
let asking: MessageView | null = null;
/** A conversation is being read, or a run begun: what comes next depends on it. */
let isWaiting = false;
let openRuns = 0;

element('composer', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  if (turn === null) void chat();
  else turn.abort();
});
// The second click of two comes when the button already says Stop.
send.addEventListener('click', (event) => {
  if (event.detail > 1) event.preventDefault();
});
inBackground.addEventListener('click', () => void startInBackground());
element('new-chat', HTMLButtonElement).addEventListener('click', () => startAnew());
question.addEventListener('input', () => showControls());
question.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  if (turn === null && !send.disabled) void chat();
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') turn?.abort();
});
// The server was started again, and its new address pasted into this tab.
addEventListener('hashchange', () => location.reload());

await showConversation();

async function chat(): Promise<void> {
  const message = takeQuestion();
  keepQuestion(message);
  await answerTurn({ message, sessionId }, show('user', message), show('assistant', ''));
}

async function answerTurn(asked: Asked, asker: MessageView | null, answer: MessageView): Promise<void> {
  const own = new AbortController();
  turn = own;
  askFor([], answer);
  showControls();
  status.textContent = 'Answering';
  const signal = AbortSignal.any([own.signal, leaving.signal]);
  const result = await takeTurn({ connection, asked, question: asker, answer, signal, onSession: goOnWith });
  if (turn !== own) return;
  keepQuestion(null);
  turn = null;
  status.textContent = result.said;
  askFor(result.approvals, answer);
  showControls();
}

/** Offers the calls that wait. What is said instead gives them up. */
function askFor(approvals: readonly PendingApproval[], answer: MessageView): void {
  asking?.ask(null);
  asking = null;
  const id = sessionId;
  if (approvals.length === 0 || id === undefined) return;
  asking = answer;
  answer.ask(approvalForm(approvals, (answers) => answerTurn({ approvals: answers, sessionId: id }, null, answer)));
}

async function startInBackground(): Promise<void> {
  const message = takeQuestion();
  const asked = show('user', message);
  const answer = show('assistant', '');
  const { signal } = leaving;
  wait(true);
  try {
    const idempotencyKey = crypto.randomUUID();
    const run = await startRun(connection, { message, sessionId, idempotencyKey, signal });
    goOnWith(run.sessionId);
    void watch(run, answer);
  } catch (error) {
    for (const part of [asked, answer]) part.setApart();
    answer.note(error instanceof Error ? error.message : 'It failed.', 'alert');
  } finally {
    if (!signal.aborted) wait(false);
  }
}

async function watch(run: PublicRun, answer: MessageView): Promise<void> {
  const { signal } = leaving;
  countRuns(1);
  await followRun({ connection, run, answer, signal, watching });
  if (!signal.aborted) countRuns(-1);
}

function countRuns(more: number): void {
  openRuns += more;
  badge.textContent = openRuns === 0 ? '' : `${openRuns} in the background`;
}

/** What the server has, and under it a question that was being answered when the page was left, to be asked again. */
async function showConversation(): Promise<void> {
  const unanswered = keptQuestion();
  if (sessionId === undefined) return;
  const { signal } = leaving;
  wait(true);
  try {
    const conversation = await readConversation(connection, sessionId);
    if (signal.aborted) return;
    showTurns(conversation);
    if (unanswered !== null) {
      question.value = unanswered;
      status.textContent = 'The last answer was stopped. Its question is here to be sent again.';
    }
  } catch (error) {
    if (signal.aborted) return;
    // Deleted, or another owner's: there is nothing to go on with.
    if (error instanceof AgentError && error.code === 'not_found') return startAnew();
    const why = error instanceof Error ? error.message : 'It failed.';
    show('assistant', '').note(`The conversation could not be read: ${why} Then load this page again.`, 'alert');
  } finally {
    if (!signal.aborted) wait(false);
  }
}

/** A run that has asked for approval has its question in the conversation, and all the words of its turn itself. */
function showTurns({ messages, approvals, runs }: Conversation): void {
  const others = [...runs];
  const ofRuns = new Set<number>();
  for (const [index, { role, text, status: how, turn: number }] of messages.entries()) {
    if (role === 'assistant' && ofRuns.has(number)) continue;
    const shown = show(role, text);
    if (how !== null) shown.note('Not finished.');
    if (index === messages.length - 1) askFor(approvals, shown);
    const place = others.findIndex(({ askedAtMs, message }) => askedAtMs !== null && message === text);
    const run = role === 'user' && place >= 0 ? others.splice(place, 1)[0] : undefined;
    if (run === undefined) continue;
    ofRuns.add(number);
    showAnswer(run, null);
  }
  for (const run of others) showAnswer(run, run.askedAtMs === null ? show('user', run.message) : null);
}

function showAnswer(run: PublicRun, asked: MessageView | null): void {
  const answer = show('assistant', '');
  if (run.end === null) return void watch(run, answer);
  asked?.setApart();
  showUnanswered(run, answer);
}

function show(role: 'user' | 'assistant', text: string): MessageView {
  return new MessageView(transcript, role, text);
}

function goOnWith(id: string): void {
  sessionId = id;
  keepSession(id);
}

function startAnew(): void {
  leaving.abort();
  leaving = new AbortController();
  turn = null;
  sessionId = undefined;
  keepSession(null);
  keepQuestion(null);
  countRuns(-openRuns);
  transcript.replaceChildren();
  status.textContent = '';
  wait(false);
  question.focus();
}

function takeQuestion(): string {
  const message = question.value;
  question.value = '';
  question.focus();
  return message;
}

function wait(isIt: boolean): void {
  isWaiting = isIt;
  showControls();
}

function showControls(): void {
  const isReady = !isWaiting && question.value.trim() !== '';
  send.textContent = turn === null ? 'Send' : 'Stop';
  send.disabled = turn === null && !isReady;
  // Beside an answer it would not know its session, or not follow on from it.
  inBackground.disabled = turn !== null || !isReady;
}

function element<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`the page has no ${kind.name} #${id}`);
}
