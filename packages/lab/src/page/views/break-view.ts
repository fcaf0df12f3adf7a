// Break it: every fault with a prediction to make first, and what became of the run.

import { count, h, time } from '@turnstream/server/chat';
import { experimentButton, intro } from '../experiments/intro.ts';
import { FAULT_STORIES, type FaultStory, needsBackground } from '../faults.ts';
import { Lane } from '../instruments/lane.ts';
import type { Lab } from '../lab.ts';
import { type Mark, Run } from '../run/run.ts';
import { DEFAULTS } from '../settings.ts';

const QUESTION = 'What is Python?';

export class BreakView {
  readonly element: HTMLElement;

  constructor(lab: Lab) {
    const cards = FAULT_STORIES.map((story) => new FaultCard(lab, story).element);
    const begin = intro(
      'Break it',
      'Answer each question for yourself, then break it: which guard fires, after how long, and does the session keep the turn?',
    );
    this.element = h('div', { class: 'page' }, begin, h('div', { class: 'cards' }, ...cards));
  }
}

class FaultCard {
  readonly element: HTMLElement;
  readonly #lab: Lab;
  readonly #story: FaultStory;
  readonly #outcome = h('div', { class: 'outcome', 'aria-live': 'polite' });
  #run: Run | null = null;
  #lane: Lane | null = null;

  constructor(lab: Lab, story: FaultStory) {
    this.#lab = lab;
    this.#story = story;
    const { fault, name, breaks, ask } = story;
    this.element = h(
      'article',
      { class: 'card', 'data-testid': `card-${fault}` },
      h('h3', {}, name),
      h('p', {}, breaks),
      h('p', { class: 'ask' }, ask),
      experimentButton(
        'Break it',
        { class: 'experiment', 'aria-label': `Break it: ${name}`, 'data-testid': `break-${fault}` },
        () => this.#break(),
      ),
      this.#outcome,
    );
    lab.onChange(() => this.#draw());
  }

  async #break(): Promise<void> {
    const { fault } = this.#story;
    const mode = needsBackground(fault) ? 'background' : 'streaming';
    this.#run = new Run(QUESTION, { ...DEFAULTS, fault, mode, session: 'new' }, `fault ${fault}`);
    this.#lane = new Lane(this.#run);
    this.#outcome.replaceChildren(this.#lane.element);
    await this.#lab.experiment(this.#run);
    this.#outcome.append(tellOutcome(this.#run));
  }

  #draw(): void {
    const run = this.#run;
    if (run === null || this.element.closest('[hidden]') !== null) return;
    this.#lane?.draw(this.#outcome.clientWidth, Math.max(500, run.totalMs ?? run.now), null);
  }
}

function tellOutcome(run: Run): HTMLElement {
  const facts: readonly (readonly [string, string])[] = [
    ['guard', marked(run, 'guard') || 'none fired'],
    ['session', kept(run)],
    ['ended', `${run.state} after ${time(run.totalMs)}`],
    ['events', marked(run, 'retry', 'claim', 'lost', 'back')],
    ['reached the page', `${run.text.length.toLocaleString('en')} characters in ${count(run.ticks.length, 'update')}`],
    ['buffered', spreads(run)],
    ['model', madeBy(run)],
  ];
  const shown = facts.filter(([, value]) => value !== '');
  return h(
    'dl',
    { class: 'outcome-facts', 'data-testid': 'outcome', 'data-state': run.state },
    ...shown.map(([term, value]) => h('div', {}, h('dt', {}, term), h('dd', {}, value))),
  );
}

function kept({ timesStored: times }: Run): string {
  if (times === 0) return 'did not keep the turn';
  return `kept the turn, ${times === 1 ? 'once' : `${times} times`}`;
}

function marked({ marks }: Run, ...kinds: readonly Mark['kind'][]): string {
  const matching = marks.filter(({ kind }) => kinds.includes(kind));
  return matching.map(({ label }) => label).join(', ');
}

/** Far apart at the server and close together on the page: something in between held them back. */
function spreads({ ticks }: Run): string {
  const [first, last] = [ticks[0], ticks.at(-1)];
  if (first?.serverAtMs == null || last?.serverAtMs == null) return '';
  const served = last.serverAtMs - first.serverAtMs;
  const arrived = last.atMs - first.atMs;
  return served > 3 * arrived + 50 ? `sent within ${time(served)}, arrived within ${time(arrived)}` : '';
}

/** An endless answer has no number of tokens. */
function madeBy({ calls, settings }: Run): string {
  const last = calls.at(-1);
  if (last === undefined || settings.fault === 'flood') return '';
  const made = `made ${last.made} of ${count(last.tokens, 'token')}`;
  return last.closedEarly ? `${made}, then its connection was closed` : made;
}
