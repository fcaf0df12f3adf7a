// One run as the instruments show it: when bytes came, and what the model was sent. Times are milliseconds since it was sent.
import { ChatRun, type InspectedContent, type RunState } from '@turnstream/server/chat';
import type { ToolEvent } from '@turnstream/server/client';
import type { SeenCall } from '../../model/seen-call.ts';
import type { Settings } from '../settings.ts';

/** An update: when the server had it, and when the page had it. */
export interface Tick {
  readonly atMs: number;
  /** Null when the server does not say. */
  readonly serverAtMs: number | null;
  /** Which frame brought it. */
  readonly frame: number;
}

export interface Mark {
  readonly kind: 'poll' | 'guard' | 'retry' | 'claim' | 'lost' | 'back' | 'tool';
  readonly atMs: number;
  readonly label: string;
}

/** One SSE frame, or one body of JSON. */
export interface Frame {
  readonly number: number;
  readonly event: string;
  readonly text: string;
  /** Bytes before it. */
  readonly offset: number;
  readonly atMs: number;
}

/** One model call: a column of the stack. */
export interface SentRequest {
  readonly instructions: string | null;
  readonly blocks: readonly InspectedContent[];
  readonly atMs: number;
}

/** The group of the chat's own runs. */
export const CHAT = 'chat';

const FRAMES_KEPT_CHARS = 256 * 1024;

export class Run extends ChatRun {
  declare readonly settings: Settings;
  /** What it belongs to: the conversation of the chat, or an experiment beside it. */
  readonly group: string;
  /** When the connection that carried the question ended; null while it is open. */
  connectionEndMs: number | null = null;
  readonly ticks: Tick[] = [];
  readonly marks: Mark[] = [];
  readonly requests: SentRequest[] = [];
  /** The calls that earlier runs made for the same question. */
  readonly earlierCalls: Set<string> = new Set();
  /** How often the server added the turn to its session. */
  timesStored = 0;
  frames: Frame[] = [];
  framesDropped = 0;
  calls: readonly SeenCall[] = [];
  #keptChars = 0;
  #bytes = 0;

  constructor(question: string, settings: Settings, group: string = CHAT, id?: string) {
    super(question, settings, id);
    this.group = group;
  }

  /** The tokens that the model made, or at least those that reached the page. Null while nobody knows. */
  get made(): number | null {
    if (this.calls.length === 0) return null;
    const counted = this.calls.reduce((sum, { made }) => sum + made, 0);
    return Math.max(this.ticks.length, counted);
  }

  get isInChat(): boolean {
    return this.group === CHAT;
  }

  override get isContinuing(): boolean {
    return this.settings.session === 'same';
  }

  /** A moment of the server's clock, in milliseconds since 1970, on this run's time. */
  fromServer(atMs: number): number {
    return Math.max(0, atMs - performance.timeOrigin - this.beganAt);
  }

  mark(kind: Mark['kind'], label: string, atMs: number = this.now): void {
    this.marks.push({ kind, atMs, label });
  }

  /** The latest frames are kept, up to 256 Ki characters. */
  addFrame(event: string, text: string): Frame {
    const number = this.framesDropped + this.frames.length + 1;
    const frame = { number, event, text, offset: this.#bytes, atMs: this.now };
    this.#bytes += text.length;
    this.#keptChars += text.length;
    this.frames.push(frame);
    while (this.#keptChars > FRAMES_KEPT_CHARS && this.frames.length > 1) {
      this.#keptChars -= this.frames[0]?.text.length ?? 0;
      this.frames.shift();
      this.framesDropped += 1;
    }
    return frame;
  }

  override end(state: RunState): void {
    super.end(state);
    this.connectionEndMs ??= this.totalMs;
  }

  override takeTool(event: ToolEvent): void {
    super.takeTool(event);
    if (event.status === 'called') this.mark('tool', `tool ${event.name}`);
  }
}
