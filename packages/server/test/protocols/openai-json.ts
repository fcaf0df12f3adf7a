// Bodies of OpenAI's APIs, as the tests read them.
import type { Rig } from '../app-rig.ts';

export interface Json {
  readonly id: string;
  readonly status: string;
  readonly output: readonly object[];
  readonly previous_response_id: string | null;
  readonly conversation: object | null;
}

export async function json(answering: ReturnType<Rig['get']>): Promise<Json> {
  return (await (await answering).json()) as unknown as Json;
}
