// Turns an answer into Chat Completions: chunks of deltas with a finish reason, or one completion.
import { type AgentResponse, type AgentResponseUpdate, type Content, contentsOf, type Usage } from '@turnstream/core';
import { COMMENTARY } from '@turnstream/core/seams';
import type { ErrorEvent } from '../../../events/wire.ts';
import type { AnswerFold } from '../../answer-fold.ts';
import { CallerCalls, type CallPiece, callsForCaller } from '../caller-calls.ts';
import { streamError } from '../refusal.ts';

export interface ChatAnswer {
  readonly model: string;
  /** Names of the tools that the caller runs. */
  readonly callerTools: ReadonlySet<string>;
  /** Whether a last chunk counts the tokens. */
  readonly includeUsage: boolean;
}

interface Head {
  readonly id: string;
  readonly created: number;
  readonly model: string;
}

export class ChatChunks implements AnswerFold<object> {
  readonly #answer: ChatAnswer;
  readonly #head: Head;
  readonly #calls: CallerCalls;

  constructor(answer: ChatAnswer) {
    this.#answer = answer;
    this.#head = headOf(answer.model);
    this.#calls = new CallerCalls(answer.callerTools);
  }

  begin(): readonly object[] {
    return [this.#chunk({ role: 'assistant', content: '' })];
  }

  update({ contents, phase }: AgentResponseUpdate): readonly object[] {
    return contents.flatMap((content) => {
      const delta = this.#delta(content, phase);
      return delta === null ? [] : this.#chunk(delta);
    });
  }

  done(response: AgentResponse<unknown>): readonly object[] {
    const last = this.#chunk({}, finishReason(response, callsForCaller(response, this.#answer.callerTools)));
    if (!this.#answer.includeUsage) return [last];
    return [last, { ...this.#head, object: 'chat.completion.chunk', choices: [], usage: toUsage(response.usage) }];
  }

  failed(end: ErrorEvent): readonly object[] {
    return [{ error: streamError(end) }];
  }

  #delta(content: Content, phase: string | null): object | null {
    if (content.type === 'function_call') {
      const piece = this.#calls.take(content);
      return piece === null ? null : { tool_calls: [toDelta(piece)] };
    }
    if (content.type === 'function_result') this.#calls.end(content.callId);
    const found = memberTextOf(content, phase);
    return found === null || found.text === '' ? null : { [found.member]: found.text };
  }

  #chunk(delta: object, finish: string | null = null): object {
    const choices = [{ index: 0, delta, logprobs: null, finish_reason: finish }];
    return { ...this.#head, object: 'chat.completion.chunk', choices };
  }
}

export function completion(response: AgentResponse, { model, callerTools }: ChatAnswer): object {
  const texts = response.messages.flatMap((message) =>
    contentsOf(message).flatMap((content) => memberTextOf(content, message.phase) ?? []),
  );
  const textIn = (wanted: MemberText['member']): string | null =>
    texts.map(({ member, text }) => (member === wanted ? text : '')).join('') || null;
  const calls = callsForCaller(response, callerTools).map(({ callId, name, arguments: args }) => ({
    id: callId,
    type: 'function',
    function: { name, arguments: args },
  }));
  const [content, refusal, thought] = [textIn('content'), textIn('refusal'), textIn('reasoning_content')];
  const message = {
    role: 'assistant',
    content,
    refusal,
    ...(thought === null ? {} : { reasoning_content: thought }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
  return {
    ...headOf(model),
    object: 'chat.completion',
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishReason(response, calls) }],
    usage: toUsage(response.usage),
  };
}

interface MemberText {
  readonly member: 'content' | 'reasoning_content' | 'refusal';
  readonly text: string;
}

/** The text and the member it is sent in; null for other contents. */
function memberTextOf(content: Content, phase: string | null | undefined): MemberText | null {
  if (content.type === 'refusal') return { member: 'refusal', text: content.text };
  if (content.type !== 'text' && content.type !== 'text_reasoning') return null;
  const isAnswer = content.type === 'text' && phase !== COMMENTARY;
  return { member: isAnswer ? 'content' : 'reasoning_content', text: content.text };
}

function headOf(model: string): Head {
  return { id: `chatcmpl-${crypto.randomUUID()}`, created: Math.floor(Date.now() / 1000), model };
}

function toDelta({ index, callId, name, isFirst, fragment }: CallPiece): object {
  if (!isFirst) return { index, function: { arguments: fragment } };
  return { index, id: callId, type: 'function', function: { name, arguments: fragment } };
}

const FINISH: ReadonlySet<string> = new Set(['stop', 'length', 'tool_calls', 'content_filter']);

/** Clients know only OpenAI's reasons. Some run calls only after `tool_calls`, which not every service sends. */
function finishReason({ finishReason: reason }: Pick<AgentResponse, 'finishReason'>, calls: readonly object[]): string {
  if (reason !== null && reason !== 'stop' && FINISH.has(reason)) return reason;
  return calls.length > 0 ? 'tool_calls' : 'stop';
}

/** Null when the model's service did not say. */
function toUsage(usage: Usage | null): object | null {
  if (usage === null) return null;
  const { inputTokens, outputTokens, totalTokens, cachedInputTokens, reasoningTokens } = usage;
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: totalTokens,
    ...(cachedInputTokens === undefined ? {} : { prompt_tokens_details: { cached_tokens: cachedInputTokens } }),
    ...(reasoningTokens === undefined ? {} : { completion_tokens_details: { reasoning_tokens: reasoningTokens } }),
  };
}
