// The page: one conversation with the agent, streamed or in the background. It shows what the server has, and no more.
/// <reference lib="dom" />
import { ask, type Connection, type ShownRun, startRun } from '../client/index.ts';
import { takeTurn } from './chat-turn.ts';
import { keepQuestion, keepSession, keptQuestion, keptSession, token } from './keepsakes.ts';
import { followRun, showUnanswered } from './run-view.ts';
import { Shown } from './transcript.ts';

interface Conversation {
  readonly messages: readonly {
    readonly role: 'user' | 'assistant';
    readonly text: string;
    readonly status: string | null;
  }[];
}

const transcript = element('transcript', HTMLElement);
const status = element('status', HTMLElement);
const badge = element('badge', HTMLElement);
const question = element('question', HTMLTextAreaElement);
const send = element('send', HTMLButtonElement);
const inBackground = element('in-background', HTMLButtonElement);

const connection: Connection = { url: document.documentElement.dataset['base'] ?? '', token: token() };
let leaving = new AbortController();
/** The answer that is being streamed; null for none. */
let turn: AbortController | null = null;
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

await showConversation();
takeUpQuestion();

async function chat(): Promise<void> {
  const message = takeQuestion();
  const own = new AbortController();
  turn = own;
  showControls();
  status.textContent = 'Answering';
  keepQuestion(message);
  const said = await takeTurn({
    connection,
    message,
    sessionId: keptSession(),
    question: show('user', message),
    answer: show('assistant', ''),
    signal: AbortSignal.any([own.signal, leaving.signal]),
    onSession: keepSession,
  });
  if (turn !== own) return;
  keepQuestion(null);
  turn = null;
  status.textContent = said;
  showControls();
}

async function startInBackground(): Promise<void> {
  const message = takeQuestion();
  show('user', message);
  const answer = show('assistant', '');
  try {
    const run = await startRun(connection, {
      message,
      sessionId: keptSession(),
      idempotencyKey: crypto.randomUUID(),
      signal: leaving.signal,
    });
    keepSession(run.sessionId);
    await watch(run, answer);
  } catch (error) {
    answer.setApart();
    answer.note(error instanceof Error ? error.message : 'It failed.', 'alert');
  }
}

async function watch(run: ShownRun, answer: Shown): Promise<void> {
  const { signal } = leaving;
  countRuns(1);
  await followRun(connection, run, answer, signal);
  if (!signal.aborted) countRuns(-1);
}

function countRuns(more: number): void {
  openRuns += more;
  badge.textContent = openRuns === 0 ? '' : `${openRuns} in the background`;
}

/** What the server has of the conversation: its turns, and then the runs that are not among them. */
async function showConversation(): Promise<void> {
  const sessionId = keptSession();
  if (sessionId === undefined) return;
  try {
    const { messages } = await read<Conversation>(`/sessions/${sessionId}`);
    const { runs } = await read<{ runs: readonly ShownRun[] }>(`/runs?sessionId=${sessionId}`);
    for (const { role, text, status: how } of messages) {
      const shown = show(role, text);
      if (how !== null) shown.note('Not finished.');
    }
    for (const run of runs.toReversed().filter(({ state }) => state !== 'completed' && state !== 'incomplete'))
      showRun(run);
  } catch {
    // Somebody has deleted it, or the token is another one's: nothing here can be gone on with.
    startAnew();
  }
}

function showRun(run: ShownRun): void {
  const asked = show('user', run.message);
  const answer = show('assistant', '');
  if (run.end === null) return void watch(run, answer);
  asked.setApart();
  showUnanswered(run, answer);
}

function show(role: 'user' | 'assistant', text: string): Shown {
  return new Shown(transcript, role, text);
}

/** The page was left while this was being answered, which stopped the answer: it is there to be asked again. */
function takeUpQuestion(): void {
  const unanswered = keptQuestion();
  if (unanswered === null) return;
  question.value = unanswered;
  status.textContent = 'The last answer was stopped. Its question is here to be sent again.';
  showControls();
}

async function read<T>(path: string): Promise<T> {
  return (await (await ask(connection, path)).json()) as T;
}

function startAnew(): void {
  leaving.abort();
  leaving = new AbortController();
  turn = null;
  countRuns(-openRuns);
  keepSession(null);
  transcript.replaceChildren();
  status.textContent = '';
  showControls();
  question.focus();
}

function takeQuestion(): string {
  const message = question.value;
  question.value = '';
  showControls();
  question.focus();
  return message;
}

function showControls(): void {
  const isEmpty = question.value.trim() === '';
  send.textContent = turn === null ? 'Send' : 'Stop';
  send.disabled = turn === null && isEmpty;
  inBackground.disabled = isEmpty;
}

function element<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`the page has no ${kind.name} #${id}`);
}
