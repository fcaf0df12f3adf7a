// From parts of a provider's answer to updates. Does no I/O; whatever the parts hold, it throws nothing but AgentError.
import type { LanguageModelV4GenerateResult, LanguageModelV4StreamPart, SharedV4Warning } from '@ai-sdk/provider';
import { AgentError, type Content, type FunctionCallContent } from '@turnstream/core';
import { type CallContext, type ChatUpdate, chatUpdate, withHeaders } from '@turnstream/core/seams';
import { errorInAnswer, unreadable } from '../provider-error.ts';
import { Blocks } from './blocks.ts';
import { ProviderCalls } from './calls.ts';
import { annotationOf, fileContent, serviceItem } from './contents.ts';
import { finishReasonOf, usageOf } from './finish.ts';
import { partsOf } from './whole.ts';

export type OnWarning = (warning: SharedV4Warning) => void;

/** Where the decoder adds what it made of a part. */
interface Sink {
  push(update: ChatUpdate): void;
}

type Part<Type extends LanguageModelV4StreamPart['type']> = Extract<LanguageModelV4StreamPart, { type: Type }>;

/** Parts about the answer; all others are something in it. */
const ABOUT = ['response-metadata', 'finish', 'error', 'tool-approval-request', 'ping', 'raw'] as const;
type AboutPart = Part<(typeof ABOUT)[number]>;
type ContentPart = Exclude<LanguageModelV4StreamPart, AboutPart | Part<'stream-start'>>;

/** A warning that the service does not enforce a tool's schema. `strict` is a wish, so it may be ignored. */
const MAY_BE_IGNORED = 'strict';

export class AnswerDecoder {
  /** The provider has said that the answer is whole. */
  isFinished = false;
  readonly #context: CallContext;
  readonly #onWarning: OnWarning | undefined;
  readonly #calls = new ProviderCalls();
  readonly #blocks = new Blocks();
  #responseId: string | null = null;

  constructor(context: CallContext, onWarning?: OnWarning) {
    this.#context = context;
    this.#onWarning = onWarning;
  }

  /** Takes an answer that came in one piece. */
  takeWhole(result: LanguageModelV4GenerateResult, updates: Sink): void {
    for (const part of partsOf(result)) this.take(part, updates);
  }

  /**
   * Takes one part of a stream and adds its updates. Throws the error that the provider reports or `onWarning` throws,
   * and `stream_malformed` for a part that does not fit the interface.
   */
  take(part: LanguageModelV4StreamPart, updates: Sink): void {
    if (part.type === 'stream-start') return this.#takeWarnings(part.warnings);
    try {
      this.#take(part, updates);
    } catch (error) {
      // A provider may send something else than its types promise.
      throw error instanceof AgentError ? error : unreadable(new Error(`Cannot read a part of type ${part.type}.`));
    }
  }

  #take(part: Exclude<LanguageModelV4StreamPart, Part<'stream-start'>>, updates: Sink): void {
    if (!isAbout(part)) return this.#takeContents(this.#contentsOf(part), updates);
    switch (part.type) {
      case 'response-metadata':
        return this.#takeMetadata(part, updates);
      case 'error':
        throw errorInAnswer(part.error, this.#context);
      case 'tool-approval-request':
        throw consentWanted();
      case 'finish':
        return this.#finish(part, updates);
      case 'ping':
      case 'raw':
        return;
    }
  }

  #contentsOf(part: ContentPart): readonly Content[] {
    switch (part.type) {
      case 'text-start':
      case 'reasoning-start':
        return this.#blocks.start(part);
      case 'text-delta':
      case 'reasoning-delta':
        return this.#blocks.add(part);
      case 'text-end':
      case 'reasoning-end':
        return this.#blocks.end(part);
      case 'tool-input-start':
        return asContents(this.#calls.start(part));
      case 'tool-input-delta':
        return asContents(this.#calls.add(part));
      case 'tool-input-end':
        return [];
      case 'tool-call':
        return [part.providerExecuted === true ? serviceItem(part) : this.#calls.complete(part)];
      case 'tool-result':
        return part.preliminary === true ? [] : [serviceItem(part)];
      case 'custom':
      case 'reasoning-file':
        return [serviceItem(part)];
      case 'file':
        return [fileContent(part)];
      case 'source':
        return [{ type: 'text', text: '', annotations: [annotationOf(part)] }];
      default:
        // A newer provider may send parts of other kinds.
        part satisfies never;
        return [];
    }
  }

  /** A part without content still shows that the model is working. */
  #takeContents(contents: readonly Content[], updates: Sink): void {
    const responseId = this.#responseId;
    for (const content of contents) updates.push(chatUpdate({ role: 'assistant', responseId, contents: [content] }));
    if (contents.length === 0) updates.push(chatUpdate({ role: 'assistant', responseId, isWorking: true }));
  }

  #takeWarnings(warnings: readonly SharedV4Warning[]): void {
    for (const warning of warnings) {
      if (this.#onWarning !== undefined) this.#onWarning(warning);
      else if (warning.type === 'unsupported' && warning.feature !== MAY_BE_IGNORED) throw ignored(warning);
    }
  }

  #takeMetadata({ id, modelId, timestamp }: Part<'response-metadata'>, updates: Sink): void {
    this.#responseId = id ?? this.#responseId;
    const metadata = {
      ...(modelId === undefined ? {} : { model: modelId }),
      ...(timestamp === undefined ? {} : { createdAtMs: timestamp.getTime() }),
    };
    updates.push(chatUpdate({ role: 'assistant', responseId: this.#responseId, metadata }));
  }

  #finish({ finishReason: reason, usage }: Part<'finish'>, updates: Sink): void {
    const finishReason = finishReasonOf(reason, this.#context);
    const metadata = withHeaders(null, this.#context);
    const responseId = this.#responseId;
    updates.push(chatUpdate({ role: 'assistant', responseId, finishReason, usage: usageOf(usage), metadata }));
    this.isFinished = true;
  }
}

function isAbout(part: AboutPart | ContentPart): part is AboutPart {
  return (ABOUT as readonly string[]).includes(part.type);
}

function asContents(call: FunctionCallContent | null): readonly Content[] {
  return call === null ? [] : [call];
}

function ignored({ feature, details }: Extract<SharedV4Warning, { type: 'unsupported' }>): AgentError {
  return new AgentError(
    'input_invalid',
    `The provider ignores ${feature}${details === undefined ? '' : ` (${details.replace(/\.$/, '')})`}. Leave it out, or give the client onWarning to go on without it.`,
  );
}

function consentWanted(): AgentError {
  return new AgentError(
    'config_invalid',
    'The provider asks for consent to a tool it runs itself, which this client cannot answer. Configure that tool without approval.',
  );
}
