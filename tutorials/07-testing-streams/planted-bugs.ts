// Seven chats that look right when a model behaves. Each has one bug, and the checks that find it.
import { Agent, AgentSession } from '@turnstream/core';
import { OpenAIChatCompletionsClient } from '@turnstream/openai';
import { type Chat, openChat } from './chat.ts';
import { naiveClient } from './naive-client.ts';

/** Opens a chat with the model at this address. */
export type OpenChat = (baseURL: string) => Chat;

export interface PlantedBug {
  readonly name: string;
  /** The checks that find it, in their order. */
  readonly foundBy: readonly string[];
  readonly open: OpenChat;
}

/** Chat Completions, because one check cuts the answer at every byte: about 1,300 here, 3,300 with Responses. */
const client = (baseURL: string): OpenAIChatCompletionsClient =>
  new OpenAIChatCompletionsClient({ model: 'gpt-4.1', apiKey: 'test-key', baseURL, maxRetries: 0 });

export const openGoodChat: OpenChat = (baseURL) => openChat(client(baseURL));

export const plantedBugs: readonly PlantedBug[] = [
  { name: 'waits for the whole answer', foundBy: ['streams', 'stops the model'], open: changed(waitForAll) },
  { name: 'joins the first two pieces', foundBy: ['streams'], open: changed(joinTwo) },
  { name: 'makes a session for each question', foundBy: ['remembers'], open: withSession(() => new AgentSession()) },
  { name: 'has one session for everybody', foundBy: ['keeps people apart'], open: sharedSession },
  {
    name: 'takes half an answer for a whole one',
    foundBy: ['tells when an answer breaks off'],
    open: changed(swallowErrors),
  },
  {
    name: 'decodes each chunk by itself',
    foundBy: ['reads any cut'],
    open: (baseURL) => openChat(naiveClient(baseURL)),
  },
  { name: 'reads on when its reader has left', foundBy: ['stops the model'], open: changed(readAhead) },
];

type Pieces = AsyncIterable<{ readonly text: string }>;

/** The correct chat with modified pieces. */
function changed(change: (pieces: Pieces) => Pieces): OpenChat {
  return (baseURL) => {
    const chat = openGoodChat(baseURL);
    return { ask: (person, question) => change(chat.ask(person, question)) };
  };
}

function withSession(sessionFor: () => AgentSession): OpenChat {
  return (baseURL) => {
    const agent = new Agent({ client: client(baseURL), instructions: 'Be concise.' });
    return { ask: (_person, question) => agent.runStreaming(question, { session: sessionFor() }) };
  };
}

function sharedSession(baseURL: string): Chat {
  const session = new AgentSession();
  return withSession(() => session)(baseURL);
}

async function* waitForAll(pieces: Pieces): Pieces {
  const all = await Array.fromAsync(pieces);
  yield { text: all.map(({ text }) => text).join('') };
}

async function* joinTwo(pieces: Pieces): Pieces {
  let first: string | null = null;
  let joined = false;
  for await (const { text } of pieces) {
    if (text === '') continue;
    if (joined) yield { text };
    else if (first === null) first = text;
    else {
      yield { text: first + text };
      joined = true;
    }
  }
  if (!joined && first !== null) yield { text: first };
}

async function* swallowErrors(pieces: Pieces): Pieces {
  try {
    yield* pieces;
  } catch {
    // "Better to show what there is."
  }
}

async function* readAhead(pieces: Pieces): Pieces {
  const all = await Array.fromAsync(pieces);
  yield* all;
}
