// The demo model as a service: answers on the connection or in the background, and stores conversations and answers.
import { BackgroundResponses } from '../model/background-responses.ts';
import { callRefusal } from '../model/refused-calls.ts';
import { refusalOf } from '../model/refused-parameters.ts';
import { ServiceMemory } from '../model/service-memory.ts';
import type { SentMessage } from '../request/body.ts';
import type { RecordedRequest } from '../request/recorded.ts';
import { background } from '../script/background.ts';
import type { Clock } from '../script/clock.ts';
import type { HttpErrorStep, Pace, ReplyPart, ReplyStep } from '../script/reply.ts';
import type { Step } from '../script/step.ts';
import type { BytePlan } from '../wire/byte-plan.ts';
import { isBackground, isStreamed } from '../wire/wire.ts';
import { type DemoPart, decide } from './decision.ts';

/** How fast the demo model answers, in milliseconds. */
export interface DemoPace extends Pace {
  /** How long a background response stays queued. */
  readonly queuedMs?: number;
}

/** Called with the paced answer and its call; may return an error of the service instead. */
export type ChangeAnswer = (reply: ReplyStep, request: RecordedRequest) => ReplyStep | HttpErrorStep;

/** Roughly as long as the real service keeps them. https://platform.openai.com/docs/guides/background */
const backgroundKeptMs = 10 * 60 * 1000;

export class DemoService {
  readonly memory: ServiceMemory = new ServiceMemory();
  readonly #jobs = new BackgroundResponses();
  /** Background responses in progress, to be stored once they have an answer. */
  readonly #unremembered = new Map<string, () => void>();
  readonly #pace: DemoPace;
  readonly #clock: Clock;
  readonly #change: ChangeAnswer;

  constructor(pace: DemoPace, clock: Clock, change: ChangeAnswer) {
    this.#change = change;
    this.#pace = pace;
    this.#clock = clock;
  }

  respond(request: RecordedRequest, number: number): Step | BytePlan {
    if (request.responseId !== null) return this.#jobs.answer(request.responseId, request);
    const refusal = refusalOf(request);
    if (refusal !== null) return refusal;
    this.#rememberEnded();
    const sent = request.api === 'responses' ? this.memory.resume(request) : request.messages;
    if ('kind' in sent) return sent;
    const mismatch = callRefusal(request, sent);
    if (mismatch !== null) return mismatch;
    const { instructions, tools, toolChoice, output } = request;
    const parts = decide({ instructions, messages: sent, tools, toolChoice, output }).map(partOf);
    // Random, so that an id saved while an earlier demo model ran is unknown to this one, not somebody else's.
    const id = request.api === 'responses' ? `resp_${hexId()}` : `chatcmpl-${hexId()}`;
    const reply: ReplyStep = { kind: 'reply', id, parts };
    const isKept = isBackground(request);
    const changed = this.#change({ ...reply, ...(isKept ? this.#pace : paceFor(request, this.#pace, parts)) }, request);
    if (changed.kind === 'http_error') return changed;
    const messages = [...sent, messageOf(changed.parts)];
    if (isKept) return this.#start(changed, request, number, messages);
    if (request.api === 'responses') void this.#rememberWhenSent(request, id, messages);
    return changed;
  }

  #start(reply: ReplyStep, request: RecordedRequest, number: number, messages: readonly SentMessage[]): BytePlan {
    const { queuedMs = 0 } = this.#pace;
    const step = background(reply, { queuedMs, clock: this.#clock, keptMs: backgroundKeptMs });
    const id = reply.id ?? '';
    this.#unremembered.set(id, () => this.memory.keep(request, id, messages));
    return this.#jobs.start(step, request, number);
  }

  /** Only a finished answer can be continued, whether or not it has been polled. */
  #rememberEnded(): void {
    for (const [id, remember] of this.#unremembered) {
      const outcome = this.#jobs.outcomeOf(id);
      if (outcome === 'open') continue;
      this.#unremembered.delete(id);
      if (outcome === 'answered') remember();
    }
  }

  /** The exchange always settles it; it never rejects. */
  async #rememberWhenSent(request: RecordedRequest, id: string, messages: readonly SentMessage[]): Promise<void> {
    await request.closed;
    if (!request.closedEarly) this.memory.keep(request, id, messages);
  }
}

function partOf(part: DemoPart): ReplyPart {
  if (part.type !== 'function_call') return { type: part.type, chunks: fragmentsOf(part.text) };
  const { type, name, text } = part;
  const callId = `call_${hexId()}`;
  return { type, name, callId, chunks: fragmentsOf(text), index: undefined, lateName: false, argumentsIn: 'deltas' };
}

/** The model's text and calls, in the form in which they will be sent back to it. */
function messageOf(parts: readonly ReplyPart[]): SentMessage {
  const text = parts.map((part) => (part.type === 'function_call' ? '' : part.chunks.join(''))).join('');
  const calls = parts
    .filter((part) => part.type === 'function_call')
    .map(({ name, chunks, callId }) => ({ callId: callId ?? '', name, arguments: chunks.join('') }));
  return { role: 'assistant', text, ...(calls.length === 0 ? {} : { calls }) };
}

/** A non-streamed answer takes as long as its stream would: the model generates word by word either way. */
function paceFor(request: RecordedRequest, pace: Pace, parts: readonly ReplyPart[]): Pace {
  const { firstChunkDelayMs = 0, chunkDelayMs = 0 } = pace;
  if (isStreamed(request)) return { firstChunkDelayMs, chunkDelayMs };
  const fragments = parts.reduce((sum, part) => sum + part.chunks.length, 0);
  return { firstChunkDelayMs: firstChunkDelayMs + chunkDelayMs * Math.max(0, fragments - 1) };
}

/** Words with their trailing spaces; long words are split, as a model's fragments are. */
function fragmentsOf(text: string): string[] {
  return text.match(/\s*\S{1,7}/gu) ?? [];
}

function hexId(): string {
  return crypto.randomUUID().replaceAll('-', '');
}
