// Checks the options of an agent or a run for callers without types: a clear error now, rather than a TypeError later or a
// setting that is silently ignored.
import { kindOf } from '../checked/json-value.ts';
import { AgentError } from '../errors.ts';
import type { ToolChoice } from '../model/request.ts';
import type { Tool } from '../tools/tool.ts';

interface Rule {
  readonly isMet: (value: unknown) => boolean;
  readonly wanted: string;
}

const isText = (value: unknown): boolean => typeof value === 'string';
const isFunction = (value: unknown): boolean => typeof value === 'function';
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const hasMethod = (value: unknown, name: string): boolean => isObject(value) && isFunction(Reflect.get(value, name));

const TEXT: Rule = { isMet: isText, wanted: 'text' };
const MEMBERS: Rule = { isMet: (value) => isObject(value) && !Array.isArray(value), wanted: 'an object' };

const A_CLIENT = 'a model client, such as `client: new OpenAIResponsesClient({ model })`';

/** Options that an agent and a run share. */
const SHARED: Readonly<Record<string, Rule>> = {
  instructions: TEXT,
  model: TEXT,
  parameters: MEMBERS,
  headers: MEMBERS,
  limits: MEMBERS,
  tools: {
    isMet: (value) => Array.isArray(value) && value.every((each) => hasMethod(each, 'validate')),
    wanted: 'a list of tools made with tool()',
  },
  middleware: {
    isMet: (value) => Array.isArray(value) && value.every(isMiddleware),
    wanted: 'a list of objects with a method run, model or tool',
  },
  onIncomplete: { isMet: (value) => value === 'discard' || value === 'keep', wanted: "'discard' or 'keep'" },
};

const AGENT: Readonly<Record<string, Rule>> = {
  ...SHARED,
  instructions: { isMet: (value) => isText(value) || isFunction(value), wanted: 'text, or a function that returns it' },
  client: { isMet: (value) => hasMethod(value, 'send'), wanted: A_CLIENT },
  name: TEXT,
  onToolError: { isMet: isFunction, wanted: 'a function' },
  history: {
    isMet: (value) => value === 'service' || isProvider(value) || isWindow(value),
    wanted: "a history provider, a history window, or 'service'",
  },
};

const RUN: Readonly<Record<string, Rule>> = {
  ...SHARED,
  signal: {
    isMet: (value) => hasMethod(value, 'addEventListener'),
    wanted: 'an AbortSignal, such as controller.signal',
  },
  toolChoice: { isMet: isToolChoice, wanted: "'auto', 'none', 'required' or { name }" },
  output: {
    isMet: isStandardSchema,
    wanted:
      'a Standard Schema, such as a Zod schema. Wrap bare JSON Schema with jsonSchema() from @turnstream/json-schema',
  },
};

/** Throws `config_invalid` for invalid agent options. */
export function checkAgentOptions(options: unknown): void {
  check('new Agent()', options, AGENT);
  if (Reflect.get(options as object, 'client') == null) {
    throw new AgentError('config_invalid', `new Agent() needs ${A_CLIENT}.`);
  }
}

/** Throws `config_invalid` for invalid run options. */
export function checkRunOptions(options: unknown): void {
  check('a run', options, RUN);
}

/** Throws `config_invalid` when `toolChoice` names a tool that the run does not have. */
export function checkChoice(choice: ToolChoice, tools: ReadonlyMap<string, Tool>): ToolChoice {
  if (typeof choice === 'string' || tools.has(choice.name)) return choice;
  const named = [...tools.keys()].join(', ') || 'none';
  throw new AgentError('config_invalid', `toolChoice is ${choice.name}, and the tools of the run are: ${named}.`);
}

function check(where: string, options: unknown, rules: Readonly<Record<string, Rule>>): void {
  if (!MEMBERS.isMet(options)) {
    throw new AgentError(
      'config_invalid',
      `The options of ${where} are ${kindOf(options)}. Pass an object, or nothing.`,
    );
  }
  for (const name in rules) {
    const value: unknown = Reflect.get(options as object, name);
    const rule = rules[name];
    if (value == null || rule === undefined || rule.isMet(value)) continue;
    throw new AgentError('config_invalid', `${name} of ${where} is ${described(value)}; it must be ${rule.wanted}.`);
  }
}

/** Quotes only short strings: a longer one may be somebody's text. */
function described(value: unknown): string {
  return typeof value === 'string' && value.length <= 20 ? JSON.stringify(value) : kindOf(value);
}

function isProvider(value: unknown): boolean {
  return hasMethod(value, 'load') && hasMethod(value, 'append');
}

function isWindow(value: unknown): boolean {
  if (!isObject(value) || 'load' in value) return false;
  const { provider, compact } = value as { readonly provider?: unknown; readonly compact?: unknown };
  return (provider == null || isProvider(provider)) && (compact == null || isFunction(compact));
}

function isMiddleware(value: unknown): boolean {
  return ['run', 'model', 'tool'].some((name) => hasMethod(value, name));
}

function isToolChoice(value: unknown): boolean {
  if (isObject(value)) return isText(Reflect.get(value, 'name'));
  return value === 'auto' || value === 'none' || value === 'required';
}

/** In some libraries a schema is a function. */
function isStandardSchema(value: unknown): boolean {
  if (!isObject(value) && !isFunction(value)) return false;
  return hasMethod(Reflect.get(value as object, '~standard'), 'validate');
}
