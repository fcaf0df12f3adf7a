// What servers of the OpenAI API accept and expect beyond what they have in common: one row for each family.
import { AgentError } from '@turnstream/core';

/** How a family of servers differs from OpenAI's own Chat Completions API. `docs/reference/services.md` shows the table. */
export interface ServiceProfile {
  /** Takes the agent's name on assistant messages. Groq refuses the request otherwise. */
  readonly names: boolean;
  /** Takes `stream_options`, without which OpenAI does not count a stream. */
  readonly streamOptions: boolean;
  /** Structured output by schema, or only as JSON mode with the schema in the instructions. */
  readonly output: 'json_schema' | 'json_object';
  /** Wants the reasoning back that led to a tool call, in the member it came in. Others refuse it or count it as input. */
  readonly reasoningBack: boolean;
  /** Expects back what came with a call, such as the signature of a thought. Others refuse a member they do not know. */
  readonly extraBack: boolean;
}

const OPENAI: ServiceProfile = {
  names: true,
  streamOptions: true,
  output: 'json_schema',
  reasoningBack: false,
  extraBack: false,
};
/** What every server is known to take. */
const CAUTIOUS: ServiceProfile = { ...OPENAI, names: false };

/** The families by name. `compatible` is any other server. */
export type ServiceName =
  | 'openai'
  | 'azure'
  | 'ollama'
  | 'vllm'
  | 'llama.cpp'
  | 'lmstudio'
  | 'openrouter'
  | 'groq'
  | 'deepseek'
  | 'kimi'
  | 'mistral'
  | 'gemini'
  | 'compatible';

export const PROFILES: Readonly<Record<ServiceName, ServiceProfile>> = {
  openai: OPENAI,
  azure: OPENAI,
  ollama: CAUTIOUS,
  vllm: CAUTIOUS,
  'llama.cpp': CAUTIOUS,
  lmstudio: CAUTIOUS,
  openrouter: CAUTIOUS,
  groq: CAUTIOUS,
  deepseek: { ...CAUTIOUS, output: 'json_object', reasoningBack: true },
  kimi: { ...CAUTIOUS, reasoningBack: true },
  mistral: { ...CAUTIOUS, streamOptions: false },
  gemini: { ...CAUTIOUS, extraBack: true },
  compatible: { ...CAUTIOUS, extraBack: true },
};

const HOSTS: readonly (readonly [RegExp, ServiceName])[] = [
  [/(^|\.)api\.openai\.com$/, 'openai'],
  [/\.(openai|cognitiveservices|services\.ai)\.azure\.com$/, 'azure'],
  [/(^|\.)openrouter\.ai$/, 'openrouter'],
  [/^api\.groq\.com$/, 'groq'],
  [/(^|\.)deepseek\.com$/, 'deepseek'],
  [/(^|\.)moonshot\.(ai|cn)$/, 'kimi'],
  [/(^|\.)mistral\.ai$/, 'mistral'],
  [/^generativelanguage\.googleapis\.com$/, 'gemini'],
];

/** Models that want their reasoning back, whichever server runs them. */
const REASONING_BACK = /(^|\/)(deepseek|kimi)/i;

/** Throws `config_invalid` for a name that is not in the table. */
export function checkService(name: ServiceName | undefined): void {
  if (name === undefined || Object.hasOwn(PROFILES, name)) return;
  throw new AgentError(
    'config_invalid',
    `service is ${JSON.stringify(name)}; valid values are ${Object.keys(PROFILES).join(', ')}.`,
  );
}

/** The profile of the service by that name, else of the one at the address, else what every server takes. */
export function profileOf(name: ServiceName | undefined, baseURL: string, model: string): ServiceProfile {
  const profile = PROFILES[name ?? serviceAt(baseURL)];
  return name === undefined && REASONING_BACK.test(model) ? { ...profile, reasoningBack: true } : profile;
}

/** The family whose service has this address; `compatible` for an unknown one. */
export function serviceAt(baseURL: string): ServiceName {
  const host = URL.parse(baseURL)?.hostname ?? '';
  return HOSTS.find(([pattern]) => pattern.test(host))?.[1] ?? 'compatible';
}
