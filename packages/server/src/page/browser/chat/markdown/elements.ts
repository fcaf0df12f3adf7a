// Turns blocks into elements. All content is set as text, so the browser runs and loads nothing from it.
import { type Child, h } from '../../dom.ts';
import { copyButton } from '../copy.ts';
import type { Block } from './blocks.ts';
import { highlighted } from './highlight.ts';
import { type Inline, readInline } from './inline.ts';

export function blockElement(block: Block, isOpen: boolean): HTMLElement {
  switch (block.type) {
    case 'paragraph':
      return h('p', {}, ...inlineNodes(block.text, isOpen));
    case 'heading':
      // Below the chat's own heading, whatever level the model starts with.
      return h(block.depth < 4 ? 'h3' : 'h4', {}, ...inlineNodes(block.text, isOpen));
    case 'code':
      return codeElement(block.language, block.text, isOpen);
    case 'quote':
      return h('blockquote', {}, ...block.blocks.map((each) => blockElement(each, isOpen)));
    case 'list':
      return listElement(block, isOpen);
    case 'table':
      return tableElement(block, isOpen);
    case 'rule':
      return h('hr');
  }
}

/** Code that may still grow stays one text, so that it can grow in place. */
function codeElement(language: string, text: string, isOpen: boolean): HTMLElement {
  const code = h('code', {}, ...(isOpen ? [text] : highlighted(text, language)));
  return h(
    'figure',
    { class: 'code', dir: 'ltr' },
    h(
      'figcaption',
      {},
      h('span', {}, language === '' ? 'code' : language),
      copyButton('Copy code', () => code.textContent),
    ),
    h('pre', { tabindex: 0, role: 'group', 'aria-label': 'Code' }, code),
  );
}

function listElement({ start, items }: Extract<Block, { type: 'list' }>, isOpen: boolean): HTMLElement {
  const children = items.map((blocks) => h('li', {}, ...blocks.map((each) => blockElement(each, isOpen))));
  if (start === null) return h('ul', {}, ...children);
  return h('ol', { start: start === 1 ? null : start }, ...children);
}

function tableElement({ aligns, rows }: Extract<Block, { type: 'table' }>, isOpen: boolean): HTMLElement {
  const row = (name: 'th' | 'td', cells: readonly string[]): HTMLElement =>
    h('tr', {}, ...cells.map((cell, index) => h(name, { class: aligns[index] }, ...inlineNodes(cell, isOpen))));
  const [head = [], ...body] = rows;
  return h(
    'div',
    { class: 'wide', tabindex: 0, role: 'group', 'aria-label': 'Table' },
    h('table', {}, h('thead', {}, row('th', head)), h('tbody', {}, ...body.map((cells) => row('td', cells)))),
  );
}

function inlineNodes(text: string, isOpen: boolean): Child[] {
  return readInline(
    text.replace(/^\[([ xX])\] /, (_, mark: string) => (mark === ' ' ? '☐ ' : '☑ ')),
    isOpen,
  ).map(node);
}

function node(inline: Inline): Child {
  if (inline.type === 'text') return inline.text;
  if (inline.type === 'code') return h('code', {}, inline.text);
  const inside = inline.inside.map(node);
  if (inline.type !== 'link') return h(inline.type, {}, ...inside);
  return h('a', { href: inline.href, target: '_blank', rel: 'noopener noreferrer' }, ...inside);
}
