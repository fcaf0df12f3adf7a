// M1 to M5, M21 and M22: when work begins, who can stop it, and what is left behind.
import { httpError, reply } from '@turnstream/testkit';
import { ask, connectionOf, type Finding, type Lab, type Row, unlessLate } from './lab.ts';

const forty = Array.from({ length: 40 }, (_, index) => `word${index} `);
// The whole answer takes less than half a second, so a connection that was closed early was closed within that time.
const slow = { chunkDelayMs: 12 };

export const rowsOfRuns: readonly Row[] = [
  {
    id: 'M1',
    situation: 'A run is started and never read',
    asks: 'nothing is sent',
    check: (lab) =>
      lab.with([reply('unread')], async (chat, model) => {
        await Promise.resolve(chat.start('Tell me', {})).catch(() => null);
        await new Promise((resolve) => setTimeout(resolve, 400));
        const sent = model.requests.length;
        return { holds: sent === 0, seen: `${sent} requests` };
      }),
  },
  {
    id: 'M2',
    situation: '`break` after 3 of 40 pieces',
    asks: 'the connection to the model is closed',
    check: (lab) =>
      lab.with([reply(forty, slow)], async (chat, model) => {
        await ask(chat, 'Tell me', { leaveAfter: 3 });
        const { closed, chunks } = await connectionOf(model);
        return { holds: closed, seen: closed ? `closed` : `open, ${chunks > 20 ? 'over 20' : chunks} sent` };
      }),
  },
  {
    id: 'M3',
    situation: 'The whole answer is requested after that `break`',
    asks: 'the answer so far, marked as partial, or an error',
    check: (lab) => lab.with([reply(forty, slow)], finalAfterBreak),
  },
  {
    id: 'M4',
    situation: 'Abort in mid-stream',
    asks: 'the connection is closed and the reader gets an error',
    check: (lab) =>
      lab.with([reply(forty, slow)], async (chat, model) => {
        const stop = new AbortController();
        const { end } = await ask(chat, 'Tell me', { signal: stop.signal, onText: () => stop.abort() });
        const { closed } = await connectionOf(model);
        return { holds: closed && end === 'throws', seen: `${closed ? 'closed' : 'open'}, ${end}` };
      }),
  },
  {
    id: 'M5',
    situation: 'The signal is aborted before the start',
    asks: 'nothing is sent and the reader gets an error',
    check: (lab) =>
      lab.with([reply('unread')], async (chat, model) => {
        const { end } = await ask(chat, 'Tell me', { signal: AbortSignal.abort() });
        const sent = model.requests.length;
        return { holds: sent === 0 && end === 'throws', seen: `${sent} requests, ${end}` };
      }),
  },
  {
    id: 'M21',
    situation: 'The same run is read twice',
    asks: 'the same text again, or an error',
    check: (lab) => lab.with([reply(['once ', 'more'])], readTwice),
  },
  {
    id: 'M22',
    situation: 'Only the text is read, and the call is a 401',
    asks: 'no rejection is left unhandled',
    check: (lab) => lab.with([httpError(401)], unhandledAfter401),
  },
];

async function finalAfterBreak(...[chat]: Parameters<Parameters<Lab['with']>[1]>): Promise<Finding> {
  const { handle, texts } = await ask(chat, 'Tell me', { leaveAfter: 3 });
  if (handle?.final === undefined) return { holds: null, seen: 'no whole answer' };
  const final = await unlessLate(
    handle.final().catch(() => 'throws' as const),
    'hangs' as const,
  );
  if (typeof final === 'string') return { holds: final === 'throws', seen: final };
  const isSeen = final.text === texts.join('');
  const amount = isSeen
    ? 'what was seen'
    : final.text === forty.join('')
      ? 'all 40'
      : final.text === ''
        ? 'nothing'
        : 'more';
  return {
    holds: isSeen && !final.complete,
    seen: `${amount}, ${final.complete ? 'as complete' : 'marked'}`,
  };
}

async function readTwice(...[chat]: Parameters<Parameters<Lab['with']>[1]>): Promise<Finding> {
  const { handle, texts } = await ask(chat, 'Tell me');
  if (handle === null) return { holds: false, seen: 'no run' };
  const again = await ask({ start: () => handle }, 'Tell me');
  const replays = again.texts.join('') === texts.join('');
  const seen = again.end === 'throws' ? 'throws' : replays ? 'replays' : `${again.end}, empty`;
  return { holds: again.end === 'throws' || replays, seen };
}

async function unhandledAfter401(...[chat]: Parameters<Parameters<Lab['with']>[1]>): Promise<Finding> {
  let unhandled = 0;
  const count = (): void => void (unhandled += 1);
  process.on('unhandledRejection', count);
  await ask(chat, 'Tell me');
  await new Promise((resolve) => setTimeout(resolve, 50));
  process.off('unhandledRejection', count);
  return { holds: unhandled === 0, seen: `${unhandled}` };
}
