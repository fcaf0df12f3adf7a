// Turns an answer into the frames of its task.
import type { AgentResponse, AgentResponseUpdate, Content } from '@turnstream/core';
import type { ErrorEvent } from '../../events/wire.ts';
import type { ApprovalBatch } from '../../store/approvals.ts';
import type { AnswerFold } from '../answer-fold.ts';
import { answered, asks, failed } from './outcome.ts';
import type { TaskView } from './task-view.ts';
import type { Part, StreamFrame } from './wire.ts';

export type ApprovalsIn = (response: Pick<AgentResponse, 'approvals'>) => ApprovalBatch | null;

export class AnswerFrames implements AnswerFold<StreamFrame> {
  readonly #view: TaskView;
  readonly #approvalsIn: ApprovalsIn;

  constructor(view: TaskView, approvalsIn: ApprovalsIn) {
    this.#view = view;
    this.#approvalsIn = approvalsIn;
  }

  begin(): readonly StreamFrame[] {
    // The reader has just sent the question.
    return [{ task: this.#view.task({ historyLength: 0 }) }];
  }

  /** Tools, reasoning and commentary stay at the server: agents of this protocol are opaque to each other. */
  update({ text, contents }: Pick<AgentResponseUpdate, 'contents' | 'text'>): readonly StreamFrame[] {
    return [...this.#view.say(text), ...contents.flatMap(filePart).flatMap((part) => this.#view.attach(part))];
  }

  done(response: AgentResponse<unknown>): readonly StreamFrame[] {
    const batch = this.#approvalsIn(response);
    return this.#view.enter(batch === null ? answered(response) : asks(batch));
  }

  failed(end: ErrorEvent): readonly StreamFrame[] {
    return this.#view.enter(failed(end));
  }
}

export function filePart(content: Content): readonly Part[] {
  if (content.type !== 'uri' && content.type !== 'data') return [];
  const { uri, mediaType } = content;
  const [, raw] = /^data:[^,]*;base64,(.*)/s.exec(uri) ?? [];
  return [raw === undefined ? { url: uri, mediaType } : { raw, mediaType }];
}
