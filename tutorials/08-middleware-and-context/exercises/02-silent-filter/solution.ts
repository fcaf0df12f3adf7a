// Only the end of the text that may become the name is held back.
import type { Middleware } from '@turnstream/core';
import { type ChatUpdate, chatUpdate } from '@turnstream/core/seams';

const NAME = 'MugWorld';

export const withoutCompetitor: Middleware = {
  async *model(_call, next) {
    let held = '';
    function* text(written: string): Generator<ChatUpdate> {
      const clean = written.replaceAll(NAME, 'another shop');
      held = endOf(clean);
      const ready = clean.slice(0, clean.length - held.length);
      if (ready !== '') yield chatUpdate({ role: 'assistant', contents: [{ type: 'text', text: ready }] });
    }
    for await (const update of next()) {
      if (update.text === '') yield update;
      else {
        yield* text(held + update.text);
      }
    }
    if (held !== '') yield chatUpdate({ role: 'assistant', contents: [{ type: 'text', text: held }] });
  },
};

/** The end of the text that is a beginning of the name. */
function endOf(text: string): string {
  for (let length = NAME.length - 1; length > 0; length -= 1) {
    if (text.endsWith(NAME.slice(0, length))) return NAME.slice(0, length);
  }
  return '';
}
