// What a screen reader hears of an answer: that it began, whole sentences at most every two seconds, and how it ended.

import type { Chat } from '../chat/chat.ts';
import { h } from '../dom.ts';
import type { ChatRun } from '../run/run.ts';

const EVERY_MS = 2_000;
const MOST_CHARS = 400;

/** Announces the answers of a chat. */
export class Announcer {
  readonly element: HTMLElement = h('p', {
    class: 'unseen',
    role: 'status',
    'aria-live': 'polite',
    'data-testid': 'announcer',
  });
  #run: ChatRun | null = null;
  #saidChars = 0;
  #saidAt = 0;
  #isOver = false;
  #ending: ReturnType<typeof setTimeout> | undefined;

  constructor(chat: Chat) {
    chat.onChange(() => this.#look(chat.turns.findLast(({ isRestored }) => !isRestored) ?? null));
  }

  #look(run: ChatRun | null): void {
    if (run !== this.#run) this.#begin(run);
    if (run === null || this.#isOver) return;
    if (!run.isOpen) this.#end(run);
    else this.#saySentences(run);
  }

  #begin(run: ChatRun | null): void {
    this.#run = run;
    clearTimeout(this.#ending);
    this.#saidChars = 0;
    this.#isOver = false;
    if (run !== null) this.#say(run.settings.mode === 'background' ? 'Working in the background' : 'Answering');
  }

  #saySentences({ text }: ChatRun): void {
    if (performance.now() < this.#saidAt + EVERY_MS) return;
    const sentences = /^[^]*[.!?](?=\s|$)/.exec(text.slice(this.#saidChars))?.[0];
    if (sentences === undefined) return;
    this.#saidChars += sentences.length;
    // Speech that lags minutes behind the answer is of no use.
    this.#say(sentences.slice(-MOST_CHARS).trim());
  }

  #end(run: ChatRun): void {
    this.#isOver = true;
    this.#ending = setTimeout(() => this.#say(endOf(run)), this.#saidAt + EVERY_MS - performance.now());
  }

  #say(words: string): void {
    this.#saidAt = performance.now();
    this.element.textContent = words;
  }
}

function endOf({ state, firstMs, totalMs, problem }: ChatRun): string {
  if (state === 'stopped') return 'Stopped. The turn is not in the session.';
  if (state !== 'done') return `Answer failed. ${problem?.message ?? ''} The turn is not in the session.`;
  const seconds = ((totalMs ?? 0) / 1_000).toFixed(1);
  return `Answer complete, first word after ${Math.round(firstMs ?? 0)} milliseconds, ${seconds} seconds in all`;
}
