// One cell of the matrix: two questions asked in one way, and what the model and the reader saw of the second.
import { Agent, AgentError, type HistoryProvider } from '@turnstream/core';
import type { DemoModel, RecordedRequest } from '@turnstream/testkit';
import { type Service, type SessionUse, services, sessions, type Verb, verbs } from './axes.ts';

export interface Cell {
  readonly verb: Verb;
  readonly sessionUse: SessionUse;
  readonly service: Service;
}

export type Seen =
  | {
      readonly kind: 'answered';
      /** What the model was sent with the second question. */
      readonly inputs: readonly string[];
      /** What it answered. */
      readonly words: string;
      /** In how many updates the words came. */
      readonly pieces: number;
      /** How the model was asked to answer. */
      readonly wire: 'whole' | 'streamed' | 'background';
    }
  | { readonly kind: 'refused'; readonly code: string; readonly requests: number };

export const QUESTIONS: readonly [string, string] = [
  'What is Python in one line?',
  'How old is it? Answer with a year only.',
];

/** Plays a cell against a model whose answers depend on what it is sent. */
export async function play(cell: Cell, history: HistoryProvider, model: DemoModel): Promise<Seen> {
  const agent = new Agent({ client: services[cell.service](model), instructions: 'Be concise.', history });
  const [first, second] = sessions[cell.sessionUse](agent);
  const ask = verbs[cell.verb];
  const before = model.requests.length;
  try {
    await ask(agent, QUESTIONS[0], first);
    const texts = await ask(agent, QUESTIONS[1], second);
    const call = modelCalls(model, before).at(-1);
    if (call === undefined) throw new Error('the model was not asked');
    return {
      kind: 'answered',
      inputs: call.texts,
      words: texts.join(''),
      pieces: texts.filter((text) => text !== '').length,
      wire: wireOf(call),
    };
  } catch (error) {
    if (!(error instanceof AgentError)) throw error;
    return { kind: 'refused', code: error.code, requests: model.requests.length - before };
  }
}

/** Polls of a background response are not model calls. */
function modelCalls(model: DemoModel, from: number): readonly RecordedRequest[] {
  return model.requests.slice(from).filter((request) => request.responseId === null);
}

function wireOf({ body }: RecordedRequest): 'whole' | 'streamed' | 'background' {
  if (body['background'] === true) return 'background';
  return body['stream'] === true ? 'streamed' : 'whole';
}
