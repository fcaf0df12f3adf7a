// What `mockModel()` and `serveModel()` have in common.
import type { RecordedRequest } from '../request/recorded.ts';
import type { Step } from '../script/step.ts';

/** A model that answers from a script and records every request. */
export interface ScriptedModel {
  /** The model's address without a path, for an Azure endpoint. */
  readonly origin: string;
  /** `origin` with `/v1`: the base URL of an OpenAI client. */
  readonly baseURL: string;
  /** Every model call so far, in order. */
  readonly requests: readonly RecordedRequest[];
  /** Appends steps to the script. */
  add(...steps: readonly Step[]): void;
  /** Throws an Error that names every unused step and every call without a step. */
  expectDone(): void;
}
