// A recorded scenario of the original, as data. The format is explained in ../../golden/README.md.
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export type Json = Readonly<Record<string, unknown>>;

export interface GoldenTool {
  readonly name: string;
  readonly description: string;
  readonly parameters: Json;
  readonly behaviour: readonly { readonly when?: Json; readonly returns?: string; readonly throws?: string }[];
}

export interface GoldenAgent {
  readonly name: string;
  readonly instructions: string | null;
  readonly tools: readonly GoldenTool[];
  readonly options?: { readonly store?: boolean };
  readonly history?: { readonly kind: 'in_memory' | 'file' };
  readonly azure?: { readonly deployment: string; readonly api_version?: string };
}

export interface ScriptEntry {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly sse?: readonly { readonly event?: string; readonly data?: unknown; readonly raw?: string }[];
  readonly cuts?: readonly number[] | { readonly every: number };
  readonly end?: 'reset';
  readonly honour_starting_after?: boolean;
  readonly hold?: { readonly before_frame: number; readonly ms: number };
}

export interface GoldenMessage {
  readonly role: string;
  readonly text?: string;
  readonly contents?: readonly string[];
}

export interface GoldenStep {
  readonly op: string;
  readonly as?: string;
  readonly from?: string;
  readonly agent?: string;
  readonly session?: string;
  readonly session_id?: string;
  readonly service_session_id?: string;
  readonly input?: string | readonly (string | GoldenMessage)[] | null;
  readonly instructions?: string;
  readonly options?: { readonly instructions?: string; readonly max_tokens?: number; readonly background?: boolean };
  readonly break_after?: number;
  readonly final_only?: boolean;
  readonly final_after_error?: boolean;
  readonly token?: string;
  readonly token_as?: string;
}

export interface ObservedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Json;
  readonly body: Json | null;
  readonly client_closed_during_hold?: boolean;
}

export interface Observed {
  readonly requests: readonly ObservedRequest[];
  readonly steps: readonly Json[];
}

export interface GoldenTrace {
  readonly name: string;
  readonly title: string;
  readonly api: 'chat_completions' | 'responses';
  readonly agent: GoldenAgent;
  readonly other_agents?: readonly GoldenAgent[];
  readonly script: readonly ScriptEntry[];
  readonly steps: readonly GoldenStep[];
  readonly observed: Observed;
  readonly tolerances: readonly string[];
  readonly deviation: { readonly ours: string; readonly expected: Json } | null;
}

const folder = fileURLToPath(new URL('../../golden/', import.meta.url));

export const traces: readonly GoldenTrace[] = globSync('*.json', { cwd: folder })
  .toSorted()
  .map((file) => JSON.parse(readFileSync(folder + file, 'utf8')) as GoldenTrace);
