// The stack: what went into the model. A column for each of its calls, oldest message at the bottom.
import { h, type InspectedContent } from '@turnstream/server/chat';
import type { Lab } from '../lab.ts';
import type { Run, SentRequest } from '../run/run.ts';
import { type Table, tableButton } from './panel.ts';

const SHOWN_COLUMNS = 12;

/** A model call beside the one before it. */
export interface Column {
  readonly run: Run;
  readonly request: SentRequest;
  /** How many of the oldest blocks were in the call before. */
  readonly known: number;
  readonly isChanged: boolean;
}

export class Stack {
  readonly element: HTMLElement = h('div', {
    class: 'stack scroll',
    tabindex: 0,
    role: 'group',
    'aria-label': 'What each request sent',
  });
  readonly #lab: Lab;
  #drawn: string | null = null;

  constructor(lab: Lab) {
    this.#lab = lab;
    lab.onChange(() => this.draw());
  }

  draw(): void {
    const columns = columnsOf(this.#lab);
    const key = columns.map(({ run, known }) => `${run.id} ${known}`).join();
    if (key === this.#drawn || !this.element.checkVisibility()) return;
    this.#drawn = key;
    this.element.replaceChildren(
      columns.length === 0
        ? h('p', { class: 'empty' }, 'No run yet: each request to the model becomes a column.')
        : h('div', { class: 'columns' }, ...columns.map(columnElement)),
    );
    this.element.scrollLeft = this.element.scrollWidth;
  }
}

/** The columns of the selected group. */
export function columnsOf(lab: Lab): readonly Column[] {
  const group = lab.selected?.group ?? 'chat';
  return columnsOfRuns(lab.runs.filter((run) => run.group === group)).slice(-SHOWN_COLUMNS);
}

export function columnsOfRuns(runs: readonly Run[]): readonly Column[] {
  const all = runs.flatMap((run) => run.requests.map((request) => ({ run, request })));
  return all.map(({ run, request }, index) => {
    const before = all[index - 1]?.request;
    return {
      run,
      request,
      known: before === undefined ? lengthBefore(request.blocks) : commonLength(before.blocks, request.blocks),
      isChanged: before !== undefined && before.instructions !== request.instructions,
    };
  });
}

/** Of the request before this one, which is not here after a reload: it ended before the answer to it. */
function lengthBefore(blocks: readonly InspectedContent[]): number {
  return Math.max(
    0,
    blocks.findLastIndex((block) => blockName(block) === 'assistant'),
  );
}

function commonLength(before: readonly InspectedContent[], now: readonly InspectedContent[]): number {
  const differs = now.findIndex(({ role, preview, chars }, index) => {
    const known = before[index];
    return known?.role !== role || known.preview !== preview || known.chars !== chars;
  });
  return differs < 0 ? now.length : differs;
}

const NAMES: Readonly<Record<string, string>> = { function_call: 'call', function_result: 'result' };

export function blockName({ role, kind }: InspectedContent): string {
  return NAMES[kind] ?? role;
}

function columnElement({ run, request, known, isChanged }: Column, index: number): HTMLElement {
  const blocks = request.blocks.map((block, place) => blockElement(block, place >= known));
  const system = blockElement(
    { role: 'system', kind: 'text', chars: request.instructions?.length ?? 0, preview: request.instructions ?? 'none' },
    false,
  );
  system.classList.add('system');
  system.toggleAttribute('data-changed', isChanged);
  return h(
    'section',
    {
      class: 'column',
      'data-testid': 'column',
      'data-run': run.id,
      'aria-label': `Request ${index + 1}, ${run.settings.mode}`,
    },
    h('ol', { class: 'blocks', reversed: true }, ...blocks.toReversed()),
    h('ol', { class: 'agent' }, system),
    h('small', {}, `request ${index + 1}`),
  );
}

function blockElement(block: InspectedContent, isFresh: boolean): HTMLElement {
  const name = blockName(block);
  const element = h(
    'li',
    { class: `block ${name}`, 'data-testid': 'block', 'data-role': name, 'data-fresh': isFresh, title: block.preview },
    h('b', {}, name, isFresh ? h('span', { class: 'unseen' }, ' new') : null),
    h('span', {}, block.preview),
  );
  // Long ones grow slower than their text, so that short ones can still be read.
  element.style.setProperty('--size', `${Math.round(Math.min(9, 1 + Math.sqrt(block.chars) / 5) * 10) / 10}em`);
  return element;
}

export function stackTable(lab: Lab): HTMLButtonElement {
  return tableButton('stack', () => tableOfColumns(columnsOf(lab)));
}

function tableOfColumns(columns: readonly Column[]): Table {
  const rows = columns.flatMap(({ request, known, isChanged }, index) => [
    [
      `request ${index + 1}`,
      'system',
      isChanged ? 'changed' : '',
      `${request.instructions?.length ?? 0}`,
      request.instructions ?? '',
    ],
    ...request.blocks.map((block, place) => [
      `request ${index + 1}`,
      blockName(block),
      place >= known ? 'new' : '',
      `${block.chars}`,
      block.preview,
    ]),
  ]);
  return {
    caption: 'Stack: what each request sent',
    columns: ['request', 'from', 'since the request before', 'characters', 'begins with'],
    rows,
    total: `${columns.length} requests.`,
  };
}
