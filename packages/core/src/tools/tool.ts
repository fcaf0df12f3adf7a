// A tool: its description for the model, and the code that runs when the model calls it.
import {
  type JsonSchema,
  type SchemaResult,
  type StandardSchema,
  toJsonSchema,
  withoutRootRef,
} from '../checked/standard-schema.ts';
import { AgentError } from '../errors.ts';
import type { AgentSession } from '../session/session.ts';
import { MAX_TIMER_MS } from '../timers.ts';

/** What `execute` gets in addition to its input. */
export interface ToolContext {
  /** Aborted when the run ends early or the tool's timeout passes. */
  readonly signal: AbortSignal;
  /** The session of the run; null without one. */
  readonly session: AgentSession | null;
  /** The id of this call, as the model gave it. */
  readonly callId: string;
  /**
   * Reports progress to the reader of a streaming run, such as `'3 of 10 pages read'`: text, or data that is copied as
   * JSON. The model does not see it, and it is not stored. The values that an async generator yields are reported in the
   * same way. A value that JSON cannot hold fails the call and aborts its `signal`.
   */
  readonly report: (progress: unknown) => void;
}

/** `always` pauses the run before any call of the same batch is executed. */
export type Approval = 'never' | 'always';

/** A tool of an agent. Create one with `tool()`. */
export interface Tool<Input = unknown> {
  /** The name that the model uses. */
  readonly name: string;
  /** What the model reads to decide whether to call it. */
  readonly description: string;
  /** The JSON Schema that the model gets. */
  readonly parameters: JsonSchema;
  /** Whether a call waits for the caller's consent. */
  readonly approval: Approval;
  /** The timeout of a call in milliseconds; null for none of its own. */
  readonly timeoutMs: number | null;
  /** Whether the service enforces the schema. */
  readonly strict: boolean;
  /** Validates the model's arguments; `execute` gets the result. */
  validate(input: unknown): SchemaResult<Input> | Promise<SchemaResult<Input>>;
  /** Without it, the run ends with the call, and the caller answers it with `toolResult()`. */
  execute?(input: Input, context: ToolContext): unknown;
}

/** The definition of a tool, for `tool()`. */
export interface ToolDefinition<Input> {
  /** The name that the model uses: at most 64 letters, digits, `_` and `-`. */
  readonly name: string;
  /** What the model reads to decide whether to call it. */
  readonly description: string;
  /** A Standard Schema for an object, convertible to JSON Schema. Without it, the tool takes no arguments. */
  readonly parameters?: StandardSchema<Input> | undefined;
  /** The model reads what it returns: a string unchanged, anything else as JSON. */
  readonly execute?: ((input: Input, context: ToolContext) => unknown) | undefined;
  /** `never` by default. `always`: the run pauses, and the caller decides with `approve()` or `reject()`. */
  readonly approval?: Approval | undefined;
  /** Makes the service enforce the schema of the arguments, if it can. */
  readonly strict?: boolean | undefined;
  /** The timeout of a call in milliseconds. After it the call counts as failed, and its signal is aborted. */
  readonly timeoutMs?: number | undefined;
}

/** A tool without `execute` may be declared by bare JSON Schema: nothing here runs on its arguments. */
export interface DeclaredTool {
  readonly name: string;
  readonly description: string;
  readonly parameters?: JsonSchema | undefined;
  readonly strict?: boolean | undefined;
  readonly execute?: never;
  readonly approval?: never;
  readonly timeoutMs?: never;
}

/** For a tool without arguments: a closed, empty object, whatever the model writes. */
const NO_ARGUMENTS: StandardSchema = {
  '~standard': {
    version: 1,
    vendor: 'turnstream',
    validate: () => ({ value: {} }),
    jsonSchema: { input: () => emptyObject(), output: () => emptyObject() },
  },
};

function emptyObject(): Record<string, unknown> {
  return { type: 'object', properties: {}, additionalProperties: false };
}

/**
 * Creates a tool. `execute` is typed from the schema. Throws `config_invalid` for an invalid definition.
 *
 * @example
 * ```ts source="../../../samples/src/examples.ts#orderStatus"
 * export const orderStatus = tool({
 *   name: 'order_status',
 *   description: 'Where an order is.',
 *   parameters: z.object({ order: z.number().int() }),
 *   execute: ({ order }) => `Order ${order} is packed.`,
 * });
 * ```
 */
export function tool<Input>(definition: ToolDefinition<Input>): Tool<Input>;
export function tool(definition: DeclaredTool): Tool;
export function tool(definition: ToolDefinition<unknown> | DeclaredTool): Tool {
  const { name, description, execute } = checkedDefinition(definition);
  const parameters = definition.parameters ?? NO_ARGUMENTS;
  const { timeoutMs } = definition;
  const schema = isStandardSchema(parameters) ? parameters : null;
  if (schema === null && execute !== undefined) {
    throw new AgentError(
      'config_invalid',
      `Tool ${name} has a bare JSON Schema, which cannot check arguments. Wrap it with jsonSchema() from @turnstream/json-schema.`,
    );
  }
  const declared =
    schema === null ? withoutRootRef(parameters as JsonSchema) : toJsonSchema(schema, 'input', `tool ${name}`);
  return {
    name,
    description,
    parameters: objectSchema(declared, name),
    approval: definition.approval ?? 'never',
    timeoutMs: timeoutMs ?? null,
    strict: definition.strict ?? false,
    validate: (input) => (schema === null ? { value: input } : schema['~standard'].validate(input)),
    ...(execute === undefined ? {} : { execute }),
  };
}

/** Services accept only an object schema. OpenAI refuses one without `properties`, which some MCP servers list. */
function objectSchema(schema: JsonSchema, name: string): JsonSchema {
  const fault = faultOf(schema);
  if (fault !== null) throw new AgentError('config_invalid', `parameters of tool ${name} ${fault}`);
  const { type, properties } = schema;
  return type !== undefined && properties !== undefined ? schema : { type: 'object', properties: {}, ...schema };
}

/** Why it is not the schema of an object, and what to do; null when it is. One with properties needs no type to be one. */
function faultOf({ type, properties, $ref, ...schema }: JsonSchema): string | null {
  const wrap = 'Models pass an object: wrap the value in one.';
  if (type !== undefined && type !== 'object') return `describe a value of type ${JSON.stringify(type)}. ${wrap}`;
  if (properties !== undefined) return null;
  if ($ref !== undefined) return `are a $ref to ${JSON.stringify($ref)}. Models pass an object: write it at the root.`;
  const combined =
    type === undefined ? ['anyOf', 'oneOf', 'allOf'].find((key) => Object.hasOwn(schema, key)) : undefined;
  if (combined === 'allOf') return 'describe an intersection (allOf). Models pass an object: write its parts as one.';
  return combined === undefined ? null : `describe a union (${combined}). ${wrap}`;
}

/** For callers without types: an error with the value now, rather than a tool that fails when it is called. */
function checkedDefinition<Definition extends ToolDefinition<unknown> | DeclaredTool>(given: Definition): Definition {
  const { name, description, parameters, execute, approval, timeoutMs }: Partial<Definition> = given ?? {};
  if (typeof name !== 'string' || !/^[\w-]{1,64}$/.test(name)) {
    throw new AgentError(
      'config_invalid',
      `Tool name ${JSON.stringify(name)} must be 1 to 64 letters, digits, _ or -.`,
    );
  }
  const refuse = (member: string, value: unknown, wanted: string): never => {
    throw new AgentError('config_invalid', `${member} of tool ${name} is ${String(value)}; it must be ${wanted}.`);
  };
  if (typeof description !== 'string') refuse('description', description, 'a text for the model');
  if (parameters != null && typeof parameters !== 'object' && typeof parameters !== 'function') {
    refuse('parameters', parameters, 'a Standard Schema, such as a Zod schema');
  }
  if (execute !== undefined && typeof execute !== 'function') refuse('execute', execute, 'a function');
  if (approval !== undefined && approval !== 'never' && approval !== 'always') {
    refuse('approval', approval, "'never' or 'always'");
  }
  if (timeoutMs !== undefined && !(timeoutMs >= 1 && timeoutMs <= MAX_TIMER_MS)) {
    refuse('timeoutMs', timeoutMs, `between 1 and ${MAX_TIMER_MS}`);
  }
  return given;
}

/** Agent and run tools together. The same tool twice is fine; two tools of one name are `config_invalid`. */
export function mergeTools(agent: readonly Tool[], run: readonly Tool[]): ReadonlyMap<string, Tool> {
  const tools = new Map<string, Tool>();
  for (const each of [...agent, ...run]) {
    const known = tools.get(each.name);
    if (known !== undefined && known !== each) {
      throw new AgentError('config_invalid', `Two different tools are named ${JSON.stringify(each.name)}. Rename one.`);
    }
    tools.set(each.name, each);
  }
  return tools;
}

function isStandardSchema(parameters: StandardSchema | JsonSchema): parameters is StandardSchema {
  return '~standard' in parameters;
}
