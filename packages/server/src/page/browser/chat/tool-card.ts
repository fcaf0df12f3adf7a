// A tool call of an answer: name, status, arguments and result.
import { h, setText } from '../dom.ts';
import type { ToolUse } from '../run/tool-use.ts';

const STATUS: Readonly<Record<ToolUse['status'], string>> = { called: 'running', done: 'done', failed: 'failed' };

export class ToolCard {
  readonly element: HTMLElement;
  readonly #tool: ToolUse;
  readonly #name = h('b');
  readonly #status = h('span', { class: 'status' });
  readonly #arguments = h('pre', { tabindex: 0, role: 'group', 'aria-label': 'Arguments' });
  readonly #result = h('pre', { tabindex: 0, role: 'group', 'aria-label': 'Result' });
  readonly #details = h('dl', {}, ...row('Arguments', this.#arguments), ...row('Result', this.#result));

  constructor(tool: ToolUse) {
    this.#tool = tool;
    this.element = h(
      'details',
      { class: 'tool', open: true, 'data-testid': 'tool-card' },
      h('summary', {}, this.#name, this.#status),
      this.#details,
    );
    this.draw();
  }

  draw(): void {
    const { name, status, arguments: args, result } = this.#tool;
    this.element.dataset['status'] = status;
    setText(this.#name, name);
    setText(this.#status, STATUS[status]);
    // A server may keep both to itself.
    this.#details.hidden = args === null && result === null;
    setText(this.#arguments, args === null ? '…' : indented(args));
    setText(this.#result, result ?? '…');
  }
}

function row(term: string, content: HTMLElement): readonly HTMLElement[] {
  return [h('dt', {}, term), h('dd', {}, content)];
}

/** Indents JSON; other text stays unchanged. */
export function indented(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}
