// The views of the page, one at a time: the lab, and the experiments. On a phone the lab shows one part at a time.
import { h } from '@turnstream/server/chat';
import type { Lab } from '../lab.ts';

export interface View {
  readonly name: string;
  readonly title: string;
  /** Two views may show the same one, each in its way. */
  readonly element: HTMLElement;
}

export class Views {
  readonly nav: HTMLElement;
  readonly #lab: Lab;
  readonly #views: readonly View[];
  readonly #buttons: readonly HTMLButtonElement[];

  constructor(lab: Lab, views: readonly View[]) {
    this.#lab = lab;
    this.#views = views;
    this.#buttons = views.map(({ name, title }) =>
      h('button', { type: 'button', 'data-testid': `view-${name}`, onClick: () => this.show(name) }, title),
    );
    this.nav = h('nav', { class: 'views', 'aria-label': 'Views' }, ...this.#buttons);
    this.show(views[0]?.name ?? '');
  }

  get elements(): Iterable<HTMLElement> {
    return new Set(this.#views.map(({ element }) => element));
  }

  show(name: string): void {
    for (const [index, view] of this.#views.entries()) {
      view.element.hidden = !this.#views.some((each) => each.name === name && each.element === view.element);
      this.#buttons[index]?.setAttribute('aria-current', view.name === name ? 'page' : 'false');
    }
    document.body.dataset['view'] = name;
    this.#lab.view = name;
    this.#lab.changed();
  }
}

const PARTS = ['chat', 'clock', 'stack', 'wire', 'setup'] as const;

/** The bar at the bottom of a phone: which part of the lab is on the screen. */
export class Parts {
  readonly bar: HTMLElement;
  readonly #lab: Lab;
  readonly #place: HTMLElement;
  readonly #buttons: readonly HTMLButtonElement[];

  constructor(lab: Lab, place: HTMLElement) {
    this.#lab = lab;
    this.#place = place;
    this.#buttons = PARTS.map((part) =>
      h('button', { type: 'button', 'data-testid': `part-${part}`, onClick: () => this.show(part) }, part),
    );
    this.bar = h('nav', { class: 'parts', 'aria-label': 'Parts of the lab' }, ...this.#buttons);
    this.show('chat');
  }

  show(part: string): void {
    this.#place.dataset['part'] = part;
    this.#lab.changed();
    for (const [index, button] of this.#buttons.entries())
      button.setAttribute('aria-current', PARTS[index] === part ? 'true' : 'false');
  }
}
