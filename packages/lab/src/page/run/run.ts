// One run as the page saw it: when bytes came, what the model was sent, and how it ended. Times are milliseconds since it was sent.

import type { ApprovalAnswer, PendingApproval } from '@turnstream/server/client';
import type { SeenCall } from '../connection.ts';
import type { Settings } from '../settings.ts';
import type { SavedTurn } from './sessions.ts';

export type RunState =
  | 'sent'
  | 'waiting'
  | 'streaming'
  | 'queued'
  | 'working'
  | 'reconnecting'
  | 'done'
  | 'stopped'
  | 'failed'
  | 'cut';

const OPEN: ReadonlySet<RunState> = new Set(['sent', 'waiting', 'streaming', 'queued', 'working', 'reconnecting']);

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

export interface Block {
  readonly role: string;
  readonly kind: string;
  readonly chars: number;
  readonly preview: string;
  /** Of a tool call or its result. */
  readonly callId?: string;
  readonly failed?: true;
}

/** One model call: a column of the stack. */
export interface SentRequest {
  readonly instructions: string | null;
  readonly blocks: readonly Block[];
  readonly atMs: number;
}

/** A tool call of the answer, as the chat shows it. */
export interface ToolUse {
  readonly callId: string;
  name: string;
  status: 'called' | 'done' | 'failed';
  arguments: string | null;
  result: string | null;
}

/** The group of the chat's own runs. */
export const CHAT = 'chat';

const FRAMES_KEPT_CHARS = 256 * 1024;

export class Run {
  readonly id: string;
  readonly question: string;
  readonly settings: Settings;
  /** What it belongs to: the conversation of the chat, or an experiment beside it. */
  readonly group: string;
  /** When it was sent, by `performance.now()`. */
  readonly beganAt: number = performance.now();
  state: RunState = 'sent';
  text = '';
  sessionId: string | null = null;
  /** Of a background run. */
  runId: string | null = null;
  /** When the connection that carried the question ended; null while it is open. */
  connectionEndMs: number | null = null;
  firstMs: number | null = null;
  totalMs: number | null = null;
  /** Messages that the turn added to its session. */
  stored = 0;
  problem: { readonly code: string; readonly message: string } | null = null;
  usage: { readonly inputTokens: number; readonly outputTokens: number } | null = null;
  readonly ticks: Tick[] = [];
  readonly marks: Mark[] = [];
  readonly requests: SentRequest[] = [];
  tools: ToolUse[] = [];
  /** The calls that wait for consent. */
  approvals: readonly PendingApproval[] = [];
  /** The approvals or rejections that the run sends instead of a question. */
  decision: readonly ApprovalAnswer[] | null = null;
  /** The calls that earlier runs made for the same question. */
  readonly earlierCalls: Set<string> = new Set();
  /** Loaded from its session, so its times are unknown. */
  isRestored = false;
  /** Its question was edited or asked again. */
  isReplaced = false;
  frames: Frame[] = [];
  framesDropped = 0;
  calls: readonly SeenCall[] = [];
  readonly #stop = new AbortController();
  #keptChars = 0;
  #bytes = 0;

  constructor(question: string, settings: Settings, group: string = CHAT, id: string = crypto.randomUUID()) {
    this.id = id;
    this.question = question;
    this.settings = settings;
    this.group = group;
  }

  /** What the model made, and what reached the page. Null while nobody knows. */
  get made(): number | null {
    return this.calls.length === 0 ? null : this.calls.reduce((sum, { made }) => sum + made, 0);
  }

  get isInChat(): boolean {
    return this.group === CHAT;
  }

  get isOpen(): boolean {
    return OPEN.has(this.state);
  }

  get now(): number {
    return performance.now() - this.beganAt;
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Closes the connection, which stops the answer. */
  abort(): void {
    this.#stop.abort(new DOMException('Stopped.', 'AbortError'));
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

  end(state: RunState): void {
    this.state = state;
    this.totalMs = this.now;
    this.connectionEndMs ??= this.totalMs;
  }

  /** What is known of this tool call, which is new if nothing was. */
  tool(callId: string, name: string): ToolUse {
    const known = this.tools.find((tool) => tool.callId === callId);
    if (known !== undefined) return known;
    const tool: ToolUse = { callId, name, status: 'called', arguments: null, result: null };
    this.tools.push(tool);
    return tool;
  }

  /** Makes it a turn loaded from its session. */
  restore(sessionId: string, { answer, isWhole, tools }: SavedTurn): void {
    this.isRestored = true;
    this.sessionId = sessionId;
    this.text = answer;
    this.tools = [...tools];
    this.state = isWhole ? 'done' : 'stopped';
    this.stored = 2;
  }

  /** What the next question builds on. */
  get isInSession(): boolean {
    return this.stored > 0;
  }
}
