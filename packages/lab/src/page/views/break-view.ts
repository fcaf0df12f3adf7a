// Break it: every fault with a prediction to make first, and what became of the run.

import { count, h, time } from '@turnstream/server/chat';
import { FAULT_NAMES, FAULT_STORIES, type FaultStory, needsBackground } from '../faults.ts';
import { Lane } from '../instruments/lane.ts';
import type { Lab } from '../lab.ts';
import { Run } from '../run/run.ts';
import { DEFAULTS } from '../settings.ts';

const QUESTION = 'What is Python?';
const LANE_WIDTH = 320;

export class BreakView {
  readonly element: HTMLElement;

  constructor(lab: Lab) {
    const cards = FAULT_STORIES.map((story) => new FaultCard(lab, story).element);
    const intro = h(
      'div',
      { class: 'intro' },
      h('h2', {}, 'Break it'),
      h(
        'p',
        {},
        'Each card breaks one thing. Answer its question for yourself, then look which guard fired, when, and whether the session kept the turn.',
      ),
    );
    this.element = h('div', { class: 'page' }, intro, h('div', { class: 'cards' }, ...cards));
  }
}

class FaultCard {
  readonly element: HTMLElement;
  readonly #lab: Lab;
  readonly #story: FaultStory;
  readonly #outcome = h('div', { class: 'outcome', 'aria-live': 'polite' });
  readonly #button: HTMLButtonElement;
  #run: Run | null = null;
  #lane: Lane | null = null;

  constructor(lab: Lab, story: FaultStory) {
    this.#lab = lab;
    this.#story = story;
    const { fault, breaks, ask } = story;
    const name = FAULT_NAMES[fault] ?? fault;
    this.#button = h(
      'button',
      {
        type: 'button',
        'aria-label': `Break it: ${name}`,
        'data-testid': `break-${fault}`,
        onClick: () => void this.#break(),
      },
      'Break it',
    );
    this.element = h(
      'article',
      { class: 'card', 'data-testid': `card-${fault}` },
      h('h3', {}, name),
      h('p', {}, breaks),
      h('p', { class: 'ask' }, ask),
      this.#button,
      this.#outcome,
    );
    lab.onChange(() => this.#draw());
  }

  async #break(): Promise<void> {
    const { fault } = this.#story;
    const mode = needsBackground(fault) ? 'background' : 'streaming';
    this.#run = new Run(QUESTION, { ...DEFAULTS, fault, mode, session: 'new' }, `fault ${fault}`);
    this.#lane = new Lane(this.#run);
    this.#button.disabled = true;
    this.#outcome.replaceChildren(this.#lane.element);
    await this.#lab.experiment(this.#run);
    this.#button.disabled = false;
    this.#outcome.append(tellOutcome(this.#run));
  }

  #draw(): void {
    const run = this.#run;
    if (run === null || this.element.closest('[hidden]') !== null) return;
    this.#lane?.draw(LANE_WIDTH, Math.max(500, run.totalMs ?? run.now), null);
  }
}

function tellOutcome(run: Run): HTMLElement {
  const told = run.marks.filter(({ kind }) => ['guard', 'retry', 'claim', 'lost', 'back'].includes(kind));
  const facts: readonly (readonly [string, string])[] = [
    ['ended', `${run.state} after ${time(run.totalMs)}`],
    ['seen', told.length === 0 ? 'no guard fired' : told.map(({ label }) => label).join(', ')],
    ['reached the page', `${run.text.length.toLocaleString('en')} characters in ${run.ticks.length} updates`],
    ['buffered', spreads(run)],
    ['model', madeBy(run)],
    ['session', run.isInSession ? 'kept the turn, once' : 'did not keep the turn'],
  ];
  const shown = facts.filter(([, value]) => value !== '');
  return h(
    'dl',
    { class: 'told', 'data-testid': 'outcome', 'data-state': run.state },
    ...shown.map(([term, value]) => h('div', {}, h('dt', {}, term), h('dd', {}, value))),
  );
}

/** Far apart at the server and close together on the page: something in between held them back. */
function spreads({ ticks }: Run): string {
  const [first, last] = [ticks[0], ticks.at(-1)];
  if (first?.serverAtMs == null || last?.serverAtMs == null) return '';
  const served = last.serverAtMs - first.serverAtMs;
  const arrived = last.atMs - first.atMs;
  return served > 3 * arrived + 50 ? `sent within ${time(served)}, arrived within ${time(arrived)}` : '';
}

function madeBy({ calls }: Run): string {
  const last = calls.at(-1);
  if (last === undefined) return '';
  const made = `made ${last.made} of ${count(last.tokens, 'token')}`;
  return last.closedEarly ? `${made}, then its connection was closed` : made;
}
