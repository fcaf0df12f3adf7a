// M23 and M24: a run that nobody holds a connection for.
import { background, reply } from '@turnstream/testkit';
import { type Finding, type Row, unlessLate } from './lab.ts';

const words = ['Alpha ', 'beta ', 'gamma ', 'delta.'];
const notOffered: Finding = { holds: null, seen: 'not offered' };

export const rowsOfBackground: readonly Row[] = [
  {
    id: 'M23',
    situation: 'Background: start, then poll until it is done',
    asks: 'the whole answer',
    only: 'Responses',
    check: (lab) =>
      lab.with([background(reply(words), { looks: ['queued', 'in_progress'] })], async (chat) => {
        if (chat.background === undefined) return notOffered;
        const run = await chat.background.start('Write.', { stream: false });
        const text = await unlessLate(
          run.wait().catch(() => 'throws'),
          'hangs',
        );
        return { holds: text === words.join(''), seen: text === words.join('') ? 'whole' : text };
      }),
  },
  {
    id: 'M24',
    situation: 'Background stream: left after 2 pieces, then resumed',
    asks: 'the rest, nothing twice',
    only: 'Responses',
    check: (lab) =>
      lab.with([background(reply(words))], async (chat) => {
        if (chat.background === undefined) return notOffered;
        const run = await chat.background.start('Write.', { stream: true });
        const texts: string[] = [];
        for await (const text of run.text()) if (texts.push(text) === 2) break;
        for await (const text of run.text()) texts.push(text);
        const exact = texts.join('') === words.join('');
        return { holds: exact, seen: exact ? 'the rest' : texts.join('') };
      }),
  },
];
