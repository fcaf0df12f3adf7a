// A question of the chat and its answer, as the page saw them. Times are milliseconds since the question was sent.
import { AgentError } from '@turnstream/core';
import type { ApprovalAnswer, PendingApproval, PublicRun, ToolEvent } from '../../../client/index.ts';
import { errorWords } from '../dom.ts';
import type { SavedTurn } from './sessions.ts';
import type { ToolUse } from './tool-use.ts';

/** How the answer arrives: at once, as it is written, or later. */
export type Mode = 'full' | 'streaming' | 'background';

/** How a question is asked. */
export interface RunSettings {
  readonly mode: Mode;
}

/** Where a run is. The first six are open. */
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

/** A run of the chat. */
export class ChatRun {
  readonly id: string;
  readonly question: string;
  readonly settings: RunSettings;
  /** When it was sent, by `performance.now()`. */
  readonly beganAt: number = performance.now();
  state: RunState = 'sent';
  text = '';
  sessionId: string | null = null;
  /** Of a background run. */
  runId: string | null = null;
  firstMs: number | null = null;
  totalMs: number | null = null;
  updates = 0;
  /** The session has the turn, so the next question builds on it. */
  isInSession = false;
  /** The model ended the answer early. */
  isCutShort = false;
  problem: { readonly code: string; readonly message: string } | null = null;
  usage: { readonly inputTokens: number; readonly outputTokens: number } | null = null;
  tools: ToolUse[] = [];
  /** The calls that wait for consent. */
  approvals: readonly PendingApproval[] = [];
  /** The approvals or rejections that the run sends instead of a question. */
  decision: readonly ApprovalAnswer[] | null = null;
  /** Loaded from the server, so its times are unknown. */
  isRestored = false;
  /** Its question was edited or asked again. */
  isReplaced = false;
  readonly #stop = new AbortController();

  constructor(question: string, settings: RunSettings, id: string = crypto.randomUUID()) {
    this.id = id;
    this.question = question;
    this.settings = settings;
  }

  /** Whether it belongs to the conversation of the chat, so that the next question follows it. */
  get isContinuing(): boolean {
    return true;
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

  /** Closes the connection, which stops an answer; a background run goes on. */
  abort(): void {
    this.#stop.abort(new DOMException('Stopped.', 'AbortError'));
  }

  end(state: RunState): void {
    this.state = state;
    this.totalMs = this.now;
  }

  addText(text: string): void {
    this.text += text;
    this.updates += 1;
    this.firstMs ??= this.now;
    this.state = 'streaming';
  }

  /** What is known of this tool call, which is new if nothing was. */
  tool(callId: string, name: string): ToolUse {
    const known = this.tools.find((tool) => tool.callId === callId);
    if (known !== undefined) return known;
    const tool: ToolUse = { callId, name, status: 'called', arguments: null, result: null };
    this.tools.push(tool);
    return tool;
  }

  takeTool({ callId, name, status }: ToolEvent): void {
    const tool = this.tool(callId, name);
    tool.name = name;
    tool.status = status;
  }

  /** A waiting call is shown as a call by the run that sends the decision. */
  takeApproval(approval: PendingApproval): void {
    this.approvals = [...this.approvals, approval];
    this.tools = this.tools.filter(({ callId }) => callId !== approval.callId);
  }

  /** The end of a background run, as the server has it. */
  takeEnd({ state, text, end }: PublicRun): void {
    if (end === null) return;
    this.text = text;
    if (end.type === 'done') this.usage = end.usage;
    else this.problem = { code: end.code, message: end.message };
    this.end(state === 'cancelled' ? 'stopped' : state === 'failed' ? 'failed' : 'done');
  }

  /** Ends it by an error: stopped by the reader, cut off, or failed. */
  fail(error: unknown): void {
    if (this.signal.aborted) return this.end('stopped');
    const code = error instanceof AgentError ? error.code : 'server_error';
    this.problem = { code, message: errorWords(error) };
    this.end(code === 'stream_truncated' || code === 'connection_failed' ? 'cut' : 'failed');
  }

  /** Ends a stream that was under way when the page was left. */
  cutByLeaving(): void {
    const message = 'The page was reloaded while the answer was coming, which closed its connection.';
    this.problem = { code: 'stream_truncated', message };
    this.end('cut');
  }

  /** Makes it a turn loaded from its session. */
  restore(sessionId: string, { answer, isWhole, tools }: SavedTurn): void {
    this.isRestored = true;
    this.sessionId = sessionId;
    this.text = answer;
    this.tools = [...tools];
    this.state = isWhole ? 'done' : 'stopped';
    this.isInSession = true;
  }
}
