// Which tools the demo model calls for a question, and with which arguments.
import type { JsonObject } from '../request/body.ts';
import type { SentTool, SentToolChoice } from '../request/offered-tools.ts';
import { argumentsFor } from './arguments.ts';
import type { Question } from './question.ts';
import { propertiesOf } from './schema.ts';
import { wordsIn } from './words.ts';

export interface ToolCall {
  readonly name: string;
  readonly arguments: JsonObject;
}

/** Calls, or why there are none; null when no tool matches the question. */
export type ToolUse = { readonly calls: readonly ToolCall[] } | { readonly problem: string } | null;

/** `about` decides which tool: for "And in Rome?" it is the previous question. */
export function useTools(
  tools: readonly SentTool[],
  choice: SentToolChoice | null,
  question: Question,
  about: Question,
): ToolUse {
  if (choice === 'none') return null;
  const matching = toolsFor(tools, about);
  if (choice === null || choice === 'auto') return matching.length === 0 ? null : callAll(matching, question);
  if (typeof choice === 'object') {
    const named = tools.filter(({ name }) => name === choice.name);
    return named.length === 0
      ? { problem: `I have to call ${choice.name}, but I was offered no tool of that name.` }
      : callAll(named, question);
  }
  if (tools.length === 0) return { problem: 'I have to call a tool, but I was offered none.' };
  return matching.length > 0 ? callAll(matching, question) : callFirst(tools, question);
}

/** The tools whose names share a word with the question, otherwise those whose descriptions do. */
export function toolsFor(tools: readonly SentTool[], { words, text }: Question): SentTool[] {
  const tokens = text.toLowerCase().split(/[^\p{L}\p{N}_-]+/u);
  const named = best(tools, ({ name }) => {
    const shared = wordsIn(name).intersection(words);
    return tokens.includes(name.toLowerCase()) ? shared.add(name) : shared;
  });
  return named.length > 0 ? named : best(tools, (tool) => described(tool).intersection(words));
}

/** The name of an argument says what the tool takes, not what it does. */
function described({ description, parameters }: SentTool): Set<string> {
  const inputs = wordsIn(Object.keys(propertiesOf(parameters)).join(' '));
  return wordsIn(description ?? '').difference(inputs);
}

/** Each shared word counts for the tool that shares the most words, so two tools are called only for two subjects. */
function best(tools: readonly SentTool[], sharedWith: (tool: SentTool) => ReadonlySet<string>): SentTool[] {
  const scored = tools.map((tool) => ({ tool, shared: sharedWith(tool) }));
  const taken = new Set<string>();
  const chosen = new Set<SentTool>();
  for (const { tool, shared } of scored.toSorted((one, other) => other.shared.size - one.shared.size)) {
    if (shared.isSubsetOf(taken)) continue;
    chosen.add(tool);
    for (const word of shared) taken.add(word);
  }
  return tools.filter((tool) => chosen.has(tool));
}

function callAll(tools: readonly SentTool[], question: Question): ToolUse {
  const filled = tools.map((tool) => ({ tool, ...argumentsFor(tool.parameters, question) }));
  const calls = filled.flatMap(({ tool, calls: sets }) => sets.map((set) => ({ name: tool.name, arguments: set })));
  const [first] = filled;
  return calls.length > 0 || first === undefined ? { calls } : { problem: missingIn(first.tool, first.missing) };
}

/** No tool matches but one must be called: takes the first whose arguments can be filled. */
function callFirst(tools: readonly SentTool[], question: Question): ToolUse {
  const tool = tools.find(({ parameters }) => argumentsFor(parameters, question).calls.length > 0) ?? tools[0];
  return tool === undefined ? null : callAll([tool], question);
}

function missingIn({ name }: SentTool, missing: readonly string[]): string {
  const where = 'I take values from numbers, from text in quotes, and from names with a capital letter';
  return missing.length === 0
    ? `I would call ${name}, but I cannot make arguments that its schema accepts. ${where}.`
    : `I would call ${name}, but the question has no value for ${missing.join(' and ')} that fits. ${where}.`;
}
