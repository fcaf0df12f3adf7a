// What the two doors of a scripted model have in common.
import type { RecordedRequest } from '../request/recorded.ts';
import type { Step } from '../script/reply.ts';

export interface ScriptedModel {
  /** Where the model listens, without a path: an Azure endpoint. */
  readonly origin: string;
  /** `origin` with `/v1`: the base URL of an OpenAI client. */
  readonly baseURL: string;
  /** Every model call so far, in order. */
  readonly requests: readonly RecordedRequest[];
  /** Appends steps to the script. */
  add(...steps: readonly Step[]): void;
  /** Throws an Error that names every step never asked for and every call without a step. */
  expectDone(): void;
}
