// Decides which settings a caller may send. The agent keeps its own model, sampling and instructions.
import type { ToolChoice } from '@turnstream/core';
import type { OpenAIOptions } from '../../options.ts';
import type { AskedOptions, CallerTool } from '../../store/new-run.ts';
import { declaredTools } from '../client-tools.ts';
import { inMember, OpenAIRefusal } from './refusal.ts';

/** The agent's name as a model. */
export function modelName({ model }: OpenAIOptions, agentName: string | null): string {
  return model ?? agentName ?? 'agent';
}

/** A function that the caller runs, with the members that both APIs share. */
export interface Declaration {
  readonly name: string;
  readonly description?: string | null | undefined;
  readonly parameters?: Readonly<Record<string, unknown>> | null | undefined;
}

export interface CallerSettings {
  readonly tools: readonly Declaration[];
  readonly toolChoice: ToolChoice;
  readonly instructions: string | null;
}

/** Throws for a member that would change the agent. Empty values, such as null or an empty list, pass. */
export function refuseOthers(body: Readonly<Record<string, unknown>>, accepted: ReadonlySet<string>): void {
  const other = Object.entries(body).find(([name, value]) => !accepted.has(name) && !saysNothing(value));
  if (other === undefined) return;
  const [param] = other;
  throw new OpenAIRefusal(
    'unsupported_parameter',
    param,
    `This agent sets ${JSON.stringify(param)} itself. Leave it out.`,
  );
}

export function refuseOtherModel(asked: string, own: string): void {
  if (asked === own) return;
  throw new OpenAIRefusal('model_not_found', 'model', `There is no such model here. Ask for ${JSON.stringify(own)}.`);
}

/** What the caller declared. Throws if the agent, or its server, cannot do with it. */
export function askedOptions(
  { tools, toolChoice, instructions }: CallerSettings,
  agentTools: readonly string[],
  options: OpenAIOptions,
): AskedOptions {
  const declared = tools.map(toTool);
  refuseTools(declared, agentTools);
  const choice = checkedChoice(toolChoice, declared);
  if (instructions !== null && options.instructions !== 'append') {
    throw new OpenAIRefusal(
      'unsupported_parameter',
      'instructions',
      'This agent has its own instructions. Leave out instructions, and system and developer messages.',
    );
  }
  // The choice applies to the caller's tools. A caller cannot switch off the agent's own.
  const offered = choice === 'none' ? [] : declared;
  return { tools: offered, toolChoice: offered.length === 0 ? 'auto' : choice, instructions };
}

function toTool({ name, description, parameters }: Declaration): CallerTool {
  return { name, description: description ?? '', ...(parameters == null ? {} : { parameters }) };
}

function refuseTools(tools: readonly CallerTool[], agentTools: readonly string[]): void {
  inMember('tools', () => declaredTools(tools, agentTools));
}

function checkedChoice(choice: ToolChoice, tools: readonly CallerTool[]): ToolChoice {
  if (typeof choice === 'string' || tools.some(({ name }) => name === choice.name)) return choice;
  throw new OpenAIRefusal('invalid_value', 'tool_choice', 'tool_choice names a tool that is not in the request.');
}

function saysNothing(value: unknown): boolean {
  return value === null || (typeof value === 'object' && Object.keys(value).length === 0);
}
