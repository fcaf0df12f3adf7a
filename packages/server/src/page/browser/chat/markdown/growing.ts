// Renders growing Markdown: finished blocks are rendered once, and only the end is rendered again.
import { h } from '../../dom.ts';
import type { Block } from './blocks.ts';
import { blockElement } from './elements.ts';
import { GrowingText } from './growing-text.ts';

/** Rendering the end again may use at most 1/8 of the time. */
const SHARE = 8;

export class GrowingMarkdown {
  readonly element: HTMLElement = h('div', { class: 'text', dir: 'auto', 'data-testid': 'answer' });
  #text = new GrowingText();
  #shown = '';
  #isWhole = false;
  #open: readonly { readonly block: Block; readonly element: HTMLElement }[] = [];
  #notBefore = 0;

  /** Returns false if the last rendering was too recent: call it again later. */
  show(text: string, isWhole: boolean): boolean {
    if (text === this.#shown && isWhole === this.#isWhole) return true;
    const beganAt = performance.now();
    if (!isWhole && beganAt < this.#notBefore) return false;
    if (this.#isWhole || !text.startsWith(this.#shown)) this.#startOver();
    this.#shown = text;
    this.#isWhole = isWhole;
    this.#draw(text, isWhole);
    const tookMs = performance.now() - beganAt;
    this.#notBefore = beganAt + tookMs * SHARE;
    return true;
  }

  /** A background run that started over may have another text. */
  #startOver(): void {
    this.#text = new GrowingText();
    this.#open = [];
    this.element.replaceChildren();
  }

  #draw(text: string, isWhole: boolean): void {
    const { finished, open } = this.#text.read(text, isWhole);
    if (finished.length === 0 && this.#goesOnInCode(open)) return;
    for (const { element } of this.#open) element.remove();
    this.#open = open.map((block) => ({ block, element: blockElement(block, true) }));
    this.element.append(
      ...finished.map((block) => blockElement(block, false)),
      ...this.#open.map(({ element }) => element),
    );
  }

  /** Open code grows inside its element, so its scroll position survives. */
  #goesOnInCode([block, ...others]: readonly Block[]): boolean {
    const [shown, ...rest] = this.#open;
    if (shown?.block.type !== 'code' || block?.type !== 'code' || others.length + rest.length > 0) return false;
    const code = shown.element.querySelector('code')?.firstChild;
    if (!(code instanceof Text) || shown.block.language !== block.language) return false;
    code.data = block.text;
    return true;
  }
}
