// A service at the background seam that does what a list says, look by look, and notes what it was asked.
import { AgentError, type ChatClient } from '../src/index.ts';
import type { BackgroundEvent, BackgroundSnapshot, BackgroundStatus, ChatRequest, ChatUpdate } from '../src/seams.ts';

/** One response: what each look says, and the answer once it has ended. */
export interface ScriptedResponse {
  readonly looks: readonly (BackgroundStatus | AgentError)[];
  readonly answer?: readonly ChatUpdate[];
  readonly error?: AgentError;
  /** The events of its stream; the answer's updates when left out. */
  readonly events?: readonly (ChatUpdate | AgentError)[];
}

export interface ScriptedBackground extends ChatClient {
  readonly started: ChatRequest[];
  readonly log: string[];
}

export function scriptedBackground(...responses: ScriptedResponse[]): ScriptedBackground {
  const started: ChatRequest[] = [];
  const log: string[] = [];
  const looks = new Map<string, number>();
  const cancelled = new Set<string>();

  function look(id: string): BackgroundSnapshot {
    const response = responses[Number(id.slice(5)) - 1];
    const count = looks.get(id) ?? 0;
    looks.set(id, count + 1);
    const status = cancelled.has(id) ? 'cancelled' : (response?.looks[count] ?? response?.looks.at(-1) ?? 'expired');
    if (status instanceof AgentError) throw status;
    const whole = status === 'completed' || status === 'incomplete';
    const updates = whole ? (response?.answer ?? []).map((update) => ({ ...update })) : [];
    return { id, status, updates, error: response?.error ?? null, retryAfterMs: null };
  }

  async function* stream(id: string, after: number | null): AsyncGenerator<BackgroundEvent> {
    const response = responses[Number(id.slice(5)) - 1];
    for (const [sequenceNumber, update] of (response?.events ?? response?.answer ?? []).entries()) {
      if (update instanceof AgentError) throw update;
      if (sequenceNumber > (after ?? -1)) yield { sequenceNumber, update: { ...update } };
    }
  }

  return {
    started,
    log,
    serviceHistory: true,
    send: () => {
      throw new Error('a background run sends nothing over a connection');
    },
    background: {
      start: async (request) => {
        started.push(request);
        const id = `resp_${started.length}`;
        log.push(`start ${id}`);
        return look(id);
      },
      get: async (id) => {
        log.push(`get ${id}`);
        return look(id);
      },
      stream: (id, { after }) => {
        log.push(`stream ${id} after ${after}`);
        return stream(id, after);
      },
      cancel: async (id) => {
        log.push(`cancel ${id}`);
        cancelled.add(id);
        return look(id);
      },
    },
  };
}
