// Reads the body of POST /v1/chat/completions as messages and settings. The caller keeps the conversation.
import type { Content, Message, ToolChoice } from '@turnstream/core';
import { z } from 'zod';
import { assistantCall, callContent, resultMessage } from '../../client-tools.ts';
import { joinedInstructions } from '../../instructions.ts';
import { OpenAIRefusal } from '../refusal.ts';
import type { CallerSettings } from '../settings.ts';

const part = z.looseObject({ type: z.string(), text: z.string().optional(), refusal: z.string().optional() });
const content = z.union([z.string(), z.array(part)]);

const message = z.discriminatedUnion('role', [
  z.looseObject({ role: z.enum(['system', 'developer']), content }),
  z.looseObject({ role: z.literal('user'), content }),
  z.looseObject({
    role: z.literal('assistant'),
    content: content.nullish(),
    refusal: z.string().nullish(),
    tool_calls: z.array(assistantCall).nullish(),
  }),
  z.looseObject({ role: z.literal('tool'), tool_call_id: z.string(), content }),
]);

const declaration = z.looseObject({
  type: z.literal('function'),
  function: z.looseObject({
    name: z.string(),
    description: z.string().nullish(),
    parameters: z.record(z.string(), z.unknown()).nullish(),
  }),
});

export const chatBody = z.looseObject({
  model: z.string(),
  messages: z.array(message).min(1).max(2_000),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  tools: z.array(declaration).max(128).nullish(),
  tool_choice: z
    .union([
      z.enum(['auto', 'none', 'required']),
      z.looseObject({ type: z.literal('function'), function: z.looseObject({ name: z.string() }) }),
    ])
    .nullish(),
  n: z.literal(1, { error: 'must be 1' }).nullish(),
  response_format: z.looseObject({ type: z.literal('text', { error: 'must be text' }) }).nullish(),
});

export type ChatBody = z.infer<typeof chatBody>;
type ChatMessage = ChatBody['messages'][number];

/** Members that the server reads, and members without effect. */
export const CHAT_MEMBERS: ReadonlySet<string> = new Set([
  ...Object.keys(chatBody.shape),
  'metadata',
  'parallel_tool_calls',
  'prompt_cache_key',
  'prompt_cache_retention',
  'safety_identifier',
  'store',
  'user',
]);

export function chatSettings({ messages, tools, tool_choice: choice }: ChatBody): CallerSettings {
  return {
    tools: (tools ?? []).map((each) => each.function),
    toolChoice: toChoice(choice),
    instructions: joinedInstructions(messages.filter(isInstruction).map((each) => textOf(each.content))),
  };
}

/** The conversation without the instructions in it. Throws unless it ends with a message to answer. */
export function chatMessages({ messages }: ChatBody): { readonly history: readonly Message[]; readonly last: Message } {
  const all = messages.flatMap(toMessage);
  const last = all.at(-1);
  if (last === undefined || last.role === 'assistant') {
    throw new OpenAIRefusal(
      'invalid_value',
      'messages',
      'The last message must be from the user, or the result of a call.',
    );
  }
  return { history: all.slice(0, -1), last };
}

function toChoice(choice: ChatBody['tool_choice']): ToolChoice {
  return choice != null && typeof choice === 'object' ? { name: choice.function.name } : (choice ?? 'auto');
}

function isInstruction(each: ChatMessage): each is Extract<ChatMessage, { role: 'developer' | 'system' }> {
  return each.role === 'system' || each.role === 'developer';
}

/** Empty for instructions and for an empty answer. */
function toMessage(each: ChatMessage): readonly Message[] {
  if (each.role === 'tool') return [resultMessage(each.tool_call_id, textOf(each.content), false)];
  if (each.role === 'user') return [{ role: 'user', contents: textOf(each.content) }];
  if (isInstruction(each)) return [];
  const text = textOf(each.content ?? '');
  const contents: Content[] = [
    ...(text === '' ? [] : [{ type: 'text', text } as const]),
    ...(each.refusal == null ? [] : [{ type: 'refusal', text: each.refusal } as const]),
    ...(each.tool_calls ?? []).map(callContent),
  ];
  return contents.length === 0 ? [] : [{ role: 'assistant', contents }];
}

function textOf(given: z.infer<typeof content>): string {
  if (typeof given === 'string') return given;
  return given.map(({ type, text, refusal }) => text ?? refusal ?? refuseContent(type)).join('');
}

function refuseContent(type: string): never {
  throw new OpenAIRefusal(
    'invalid_value',
    'messages',
    `Content of type ${JSON.stringify(type)} is not accepted: this agent reads only text.`,
  );
}
