// M14 to M20: tools, and what the next turn is built on.
import { callTool, errorFrame, reply, type ServedModel, type Step } from '@turnstream/testkit';
import type { Chat } from './adapter.ts';
import { ask, type Finding, type Lab, quoted, type Row } from './lab.ts';

const callerKeeps: Finding = { holds: null, seen: 'the caller keeps it' };
const pieces = ['half ', 'of an ', 'answer'];

export const rowsOfTurns: readonly Row[] = [
  {
    id: 'M14',
    situation: 'A tool call whose arguments come in 3 fragments',
    asks: 'the tool runs once, with all of them',
    async check(lab) {
      const { args, ...seen } = await runTool(lab, callTool('get_weather', ['{"ci', 'ty":"Par', 'is"}']));
      const holds = JSON.stringify(args) === '[{"city":"Paris"}]';
      return { holds, seen: holds ? 'ran' : seen.seen };
    },
  },
  {
    id: 'M15',
    situation: 'Arguments cut to `{"city":"Par`, finish reason `tool_calls`',
    asks: 'the tool does not run',
    async check(lab) {
      const { args, seen } = await runTool(lab, callTool('get_weather', '{"city":"Par'));
      return { holds: args.length === 0, seen };
    },
  },
  nextTurn('M16', 'The next turn after a `break`', reply(pieces, { chunkDelayMs: 20 }), (chat, session) =>
    ask(chat, 'first', { session, leaveAfter: 1 }),
  ),
  nextTurn('M17', 'The next turn after an abort', reply(pieces, { chunkDelayMs: 20 }), (chat, session) => {
    const stop = new AbortController();
    return ask(chat, 'first', { session, signal: stop.signal, onText: () => stop.abort() });
  }),
  nextTurn(
    'M18',
    'The next turn after an error inside the stream',
    reply(pieces, { fault: errorFrame({ chunks: 2 }, { code: 'server_error' }) }),
    (chat, session) => ask(chat, 'first', { session }),
  ),
  {
    id: 'M19',
    situation: 'Two turns at once on one session, then a third',
    asks: 'no answered turn is lost',
    check: (lab) => lab.with([reply('A1', { chunkDelayMs: 10 }), reply('A2'), reply('A3')], overlapping),
  },
  {
    id: 'M20',
    situation: 'Instructions changed between two turns',
    asks: 'only the new ones are sent, with the previous turn',
    check: (lab) =>
      lab.with([reply('A1'), reply('A2')], async (chat, model) => {
        const session = chat.session?.();
        await ask(chat, 'first', { session, instructions: 'Old.' });
        await ask(chat, 'second', { session, instructions: 'New.' });
        const [, request] = model.requests;
        // Some send instructions as a message on the API that has a field for them.
        const sent = JSON.stringify(request?.body ?? {});
        const told = ['Old.', 'New.'].filter((words) => sent.includes(words));
        const remembered = chat.session === undefined || sent.includes('A1');
        return { holds: told.join() === 'New.' && remembered, seen: `sends ${quoted(told)}` };
      }),
  },
];

async function runTool(lab: Lab, call: Step): Promise<Finding & { args: readonly unknown[] }> {
  const args: unknown[] = [];
  const weather = (given: unknown): string => `${args.push(given)} times sunny`;
  const finding = await lab.with(
    [call, reply('Sunny.')],
    async (chat, model) => {
      const { end } = await ask(chat, 'Weather?');
      const [, replay] = model.requests;
      const replayed =
        replay?.messages.flatMap(({ calls = [] }) => calls.map((each) => `replays \`${each.arguments}\``)) ?? [];
      const ran = args.length === 0 ? 'refused' : `ran with \`${JSON.stringify(args[0])}\``;
      return { holds: null, seen: [ran, ...(end === 'throws' ? ['throws'] : []), ...replayed].join(', ') };
    },
    weather,
  );
  return { ...finding, args };
}

/** A part of an answer must not stand in the history as if it were the answer. */
function nextTurn(
  id: string,
  situation: string,
  first: Step,
  interrupt: (chat: Chat, session: unknown) => Promise<unknown>,
): Row {
  return {
    id,
    situation,
    asks: 'no partial answer is sent as a complete one',
    check: (lab) =>
      lab.with([first, reply('A2')], async (chat, model) => {
        if (chat.session === undefined) return callerKeeps;
        const session = chat.session();
        await interrupt(chat, session);
        await ask(chat, 'second', { session });
        return historyOf(model);
      }),
  };
}

function historyOf(model: ServedModel): Finding {
  const request = model.requests.at(-1);
  if (request === undefined || model.requests.length < 2) return { holds: false, seen: 'the model was not asked' };
  return { holds: !request.texts.some((text) => text.startsWith('half')), seen: `sees ${quoted(request.texts)}` };
}

async function overlapping(chat: Chat, model: ServedModel): Promise<Finding> {
  if (chat.session === undefined) return callerKeeps;
  const session = chat.session();
  const both = await Promise.all(['Q1', 'Q2'].map((question) => ask(chat, question, { session })));
  await ask(chat, 'Q3', { session });
  const texts = model.requests.at(-1)?.texts ?? [];
  const answered = ['Q1', 'Q2'].filter((_, index) => both[index]?.end === 'ends');
  const kept = answered.filter((question) => texts.includes(question));
  const refused = both.length - answered.length;
  return {
    holds: kept.length === answered.length,
    seen: `${answered.length} answered, ${kept.length} kept${refused === 0 ? '' : `, ${refused} refused`}`,
  };
}
