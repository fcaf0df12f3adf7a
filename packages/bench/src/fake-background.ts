// Responses that the fake model works on without a connection: queued at first, whole at the third look.
import { responsesJson } from './responses-wire.ts';
import { idOf } from './wire.ts';

const LOOKS = 3;

export class FakeBackground {
  readonly #working = new Map<string, { readonly whole: object; looks: number }>();

  start(number: number, chunks: number): object {
    const whole = responsesJson(number, chunks);
    this.#working.set(idOf('resp_', number), { whole, looks: 0 });
    return unfinished(whole, 'queued');
  }

  /** Null for a response that is not known, or was seen to be whole. */
  look(id: string): object | null {
    const working = this.#working.get(id);
    if (working === undefined) return null;
    working.looks += 1;
    if (working.looks < LOOKS) return unfinished(working.whole, 'in_progress');
    this.#working.delete(id);
    return working.whole;
  }
}

function unfinished(whole: object, status: string): object {
  return { ...whole, status, background: true, output: [], usage: null };
}
