// Reads the body of POST /v1/responses as messages and settings.
import {
  type Content,
  contentsOf,
  type Message,
  type RefusalContent,
  type TextContent,
  type ToolChoice,
} from '@turnstream/core';
import { z } from 'zod';
import { resultMessage } from '../../client-tools.ts';
import { joinedInstructions } from '../../instructions.ts';
import { OpenAIRefusal } from '../refusal.ts';
import type { CallerSettings } from '../settings.ts';
import { conversationId } from './ids.ts';

const part = z.looseObject({ type: z.string(), text: z.string().optional(), refusal: z.string().optional() });
const content = z.union([z.string(), z.array(part)]);

const anyItem = z.looseObject({
  type: z.string().nullish(),
  id: z.string().optional(),
  role: z.enum(['user', 'assistant', 'system', 'developer']).optional(),
  content: content.nullish(),
  call_id: z.string().optional(),
  name: z.string().optional(),
  arguments: z.string().optional(),
  output: content.nullish(),
  error: z.looseObject({ content }).nullish(),
});

/** A message may leave its type out, and so may a reference, which has only an id. */
export const item = anyItem.transform((each) => {
  const { type = null, role, id } = each;
  return { ...each, type: type ?? (role === undefined && id !== undefined ? 'item_reference' : 'message') };
});

const declaration = z.looseObject({
  type: z.literal('function', { error: 'must be function' }),
  name: z.string(),
  description: z.string().nullish(),
  parameters: z.record(z.string(), z.unknown()).nullish(),
});

export const responsesBody = z.looseObject({
  model: z.string(),
  input: z.union([z.string(), z.array(item).min(1).max(2_000)]),
  instructions: z.string().nullish(),
  stream: z.boolean().nullish(),
  store: z.boolean().nullish(),
  previous_response_id: z.string().max(300).nullish(),
  conversation: z.union([conversationId, z.looseObject({ id: conversationId })]).nullish(),
  background: z.boolean().nullish(),
  tools: z.array(declaration).max(128).nullish(),
  tool_choice: z
    .union([z.enum(['auto', 'none', 'required']), z.looseObject({ type: z.literal('function'), name: z.string() })])
    .nullish(),
  text: z
    .strictObject({ format: z.looseObject({ type: z.literal('text', { error: 'must be text' }) }).nullish() })
    .nullish(),
});

export type ResponsesBody = z.infer<typeof responsesBody>;
type Item = z.infer<typeof item>;

/** Members that the server reads, and members without effect. */
export const RESPONSES_MEMBERS: ReadonlySet<string> = new Set([
  ...Object.keys(responsesBody.shape),
  'include',
  'metadata',
  'parallel_tool_calls',
  'prompt_cache_key',
  'prompt_cache_retention',
  'safety_identifier',
  'stream_options',
  'user',
]);

export function responsesSettings({ input, instructions, tools, tool_choice: choice }: ResponsesBody): CallerSettings {
  const inInput =
    typeof input === 'string' ? [] : input.filter(isInstruction).map((each) => textOf(each.content ?? ''));
  return {
    tools: tools ?? [],
    toolChoice: toChoice(choice),
    instructions: joinedInstructions([instructions ?? '', ...inInput]),
  };
}

/** The input without its instructions. Throws unless it ends with a question or the result of a call. */
export function inputMessages({ input }: ResponsesBody): readonly Message[] {
  if (typeof input === 'string') return [{ role: 'user', contents: input }];
  const messages = itemMessages(input.filter((each) => !isInstruction(each)));
  const last = messages.at(-1);
  if (last !== undefined && last.role !== 'assistant') return messages;
  throw new OpenAIRefusal(
    'invalid_value',
    'input',
    'The last item must be a message from the user, or the output of a call.',
  );
}

export function itemMessages(items: readonly Item[]): readonly Message[] {
  const messages: Message[] = [];
  for (const each of items) addItem(each, messages);
  return messages;
}

function toChoice(choice: ResponsesBody['tool_choice']): ToolChoice {
  return choice != null && typeof choice === 'object' ? { name: choice.name } : (choice ?? 'auto');
}

function isInstruction({ type, role }: Item): boolean {
  return type === 'message' && (role === 'system' || role === 'developer');
}

function addItem(each: Item, messages: Message[]): void {
  const { type, role, id, call_id: callId, name, output } = each;
  if (type === 'message' && role === 'user') messages.push({ role, contents: textOf(each.content ?? '') });
  else if (type === 'message' && role === 'assistant') addSaid(spoken(each.content ?? ''), messages);
  else if (type === 'function_call' && callId !== undefined && name !== undefined) {
    addSaid([{ type: 'function_call', callId, name, arguments: each.arguments ?? '' }], messages);
  } else if (type === 'mcp_call' && id !== undefined && name !== undefined) {
    addServerCall({ ...each, id, name }, messages);
  } else if (type === 'function_call_output' && callId !== undefined) {
    messages.push(resultMessage(callId, textOf(output ?? ''), false));
  } else if (type !== 'reasoning') {
    // Clients that replay all items send reasoning back. The agent has no use for it.
    throw new OpenAIRefusal(
      'invalid_value',
      'input',
      `An item of type ${JSON.stringify(type)} is not accepted, or lacks a member.`,
    );
  }
}

/** A call that the server ran, and showed, as the model saw it. */
function addServerCall(
  { id: callId, name, arguments: args = '', output, error }: Item & { readonly id: string; readonly name: string },
  messages: Message[],
): void {
  addSaid([{ type: 'function_call', callId, name, arguments: args }], messages);
  messages.push(resultMessage(callId, textOf(error?.content ?? output ?? ''), error != null));
}

/** Consecutive items become one message, because models expect the calls of one answer in one message. */
function addSaid(contents: readonly Content[], messages: Message[]): void {
  const last = messages.at(-1);
  if (contents.length === 0) return;
  if (last?.role !== 'assistant') messages.push({ role: 'assistant', contents });
  else messages[messages.length - 1] = { ...last, contents: [...contentsOf(last), ...contents] };
}

function spoken(given: z.infer<typeof content>): readonly Content[] {
  const parts = typeof given === 'string' ? [{ type: 'output_text', text: given }] : given;
  return parts
    .map(({ type, text, refusal }): RefusalContent | TextContent => {
      if (refusal !== undefined) return { type: 'refusal', text: refusal };
      return { type: 'text', text: text ?? refuseContent(type) };
    })
    .filter(({ text }) => text !== '');
}

function textOf(given: z.infer<typeof content>): string {
  return typeof given === 'string' ? given : given.map(({ type, text }) => text ?? refuseContent(type)).join('');
}

function refuseContent(type: string): never {
  throw new OpenAIRefusal(
    'invalid_value',
    'input',
    `Content of type ${JSON.stringify(type)} is not accepted: this agent reads only text.`,
  );
}
