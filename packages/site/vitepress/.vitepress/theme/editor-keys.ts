// The keys of the editor: Tab indents, unless Escape came before it; Control or Command with Enter runs.

let mayLeave = false;

export function handleKeys(event: KeyboardEvent, run: () => void): void {
  const { key, ctrlKey, metaKey, shiftKey } = event;
  if (key === 'Enter' && (ctrlKey || metaKey)) {
    event.preventDefault();
    run();
  } else if (key === 'Tab' && !shiftKey && !mayLeave) {
    event.preventDefault();
    insert(event.target as HTMLTextAreaElement, '  ');
  }
  mayLeave = key === 'Escape';
}

/** As if typed, so that undo takes it back. */
function insert(editor: HTMLTextAreaElement, text: string): void {
  editor.setRangeText(text, editor.selectionStart, editor.selectionEnd, 'end');
  editor.dispatchEvent(new Event('input'));
}
