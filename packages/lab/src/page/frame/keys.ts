// The keyboard: shortcuts that never fire while an input method composes, and a list of them.
import { h, openSheet } from '@turnstream/server/chat';
import type { Lab } from '../lab.ts';
import { MODES } from '../settings.ts';

const LIST: readonly (readonly [string, string])[] = [
  ['Enter', 'send'],
  ['Shift + Enter', 'new line'],
  ['Esc', 'stop the answer'],
  ['Alt + 1, 2, 3', 'full answer, streaming, background'],
  ['Alt + N', 'new conversation'],
  ['Alt + R', 'ask again what failed'],
  ['Alt + C, S, W', 'to clock, stack, wire'],
  ['?', 'this list'],
];

export function listenToKeys(lab: Lab, show: (panel: string) => void): void {
  document.addEventListener('keydown', (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    if (event.altKey) withAlt(event, lab, show);
    else if (event.key === 'Escape' && document.querySelector('dialog[open]') === null) void lab.chat.stop();
    else if (event.key === '?' && !isTyping(event.target)) showKeys();
  });
}

function withAlt(event: KeyboardEvent, lab: Lab, show: (panel: string) => void): void {
  const actions: Readonly<Record<string, () => void>> = {
    Digit1: () => lab.set({ mode: MODES[0] }),
    Digit2: () => lab.set({ mode: MODES[1] }),
    Digit3: () => lab.set({ mode: MODES[2] }),
    KeyN: () => lab.chat.startAnew(),
    KeyR: () => retryLast(lab),
    KeyC: () => show('clock'),
    KeyS: () => show('stack'),
    KeyW: () => show('wire'),
  };
  const action = actions[event.code];
  if (action === undefined) return;
  event.preventDefault();
  action();
}

function retryLast(lab: Lab): void {
  const last = lab.chat.turns.at(-1);
  if (last !== undefined && ['failed', 'cut', 'stopped'].includes(last.state)) void lab.chat.again(last);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement || target instanceof HTMLSelectElement
  );
}

export function showKeys(): void {
  const rows = LIST.map(([keys, does]) => h('div', {}, h('dt', {}, h('kbd', {}, keys)), h('dd', {}, does)));
  openSheet({ label: 'Keys', testId: 'keys' }, h('h2', {}, 'Keys'), h('dl', { class: 'keys' }, ...rows));
}
