// The events a run's reader already has, folded. Creates the next ones, so that the joined updates are the answer's
// text and no tool appears twice, whatever workers ran it and however the answer arrived.
import {
  type AgentResponse,
  type ApprovalRequest,
  answerText,
  type Content,
  contentsOf,
  type Message,
} from '@turnstream/core';
import type { ServerEvent, ToolEvent } from './wire.ts';

const NONE: readonly ServerEvent[] = [];

export class SentEvents {
  /** The text before the last approval, which no later response has, and the text since then. */
  #before = '';
  #text = '';
  readonly #tools = new Map<string, ToolEvent>();

  /** Takes up what was stored before. */
  take(event: ServerEvent): void {
    if (event.type === 'update') this.#text += event.text;
    else if (event.type === 'tool') this.#tools.set(event.callId, event);
    else if (event.type === 'approval') this.#endRound();
    else if (event.type === 'session' && event.mode === 'replace') [this.#before, this.#text] = ['', ''];
  }

  /** Calls that wait for approval. What follows belongs to the response that continues. */
  approvals(calls: readonly ApprovalRequest[], expiresAtMs: number | null): readonly ServerEvent[] {
    return calls.map(({ callId, name, arguments: args }) =>
      this.#tell({ type: 'approval', callId, name, arguments: args, expiresAtMs }),
    );
  }

  /** Some more of the answer. */
  text(text: string): readonly ServerEvent[] {
    return text === '' ? [] : [this.#tell({ type: 'update', text })];
  }

  /** The new calls and results in the contents. A call without a name is sent once it has one. */
  tools(contents: readonly Content[]): readonly ServerEvent[] {
    if (!contents.some(isOfTool)) return NONE;
    return contents.flatMap((content) => {
      const known = 'callId' in content ? this.#tools.get(content.callId) : undefined;
      if (content.type === 'function_call' && known === undefined && content.name !== '') {
        const { callId, name } = content;
        return [this.#tell({ type: 'tool', callId, name, status: 'called' })];
      }
      if (content.type !== 'function_result' || known?.status !== 'called') return [];
      return [this.#tell({ ...known, status: content.error === undefined ? 'done' : 'failed' })];
    });
  }

  /** The missing parts of these messages: tools, and text if it continues what was sent. */
  upTo(messages: readonly Message[]): readonly ServerEvent[] {
    const text = answerText(messages);
    const more = text.startsWith(this.#text) ? text.slice(this.#text.length) : '';
    return [...this.tools(messages.flatMap(contentsOf)), ...this.text(more)];
  }

  /**
   * The missing part of the answer. An answer that does not continue what was sent replaces it, unless the run was
   * cancelled: services then return less than they had streamed.
   */
  whole(
    response: Pick<AgentResponse, 'messages' | 'status' | 'text'>,
    run: { readonly runId: string; readonly sessionId: string },
  ): readonly ServerEvent[] {
    const events = this.upTo(response.messages);
    if (response.status === 'cancelled' || this.#text === response.text) return events;
    const { runId, sessionId } = run;
    const whole = this.#before + response.text;
    return [...events, this.#tell({ type: 'session', sessionId, runId, mode: 'replace' }), ...this.text(whole)];
  }

  #endRound(): void {
    this.#before += this.#text;
    this.#text = '';
  }

  #tell(event: ServerEvent): ServerEvent {
    this.take(event);
    return event;
  }
}

function isOfTool({ type }: Content): boolean {
  return type === 'function_call' || type === 'function_result';
}
