// Turns messages of `useChat` into ours: text and files of users, text and tool calls of the assistant.
import {
  AgentError,
  type Content,
  type DataContent,
  type Message,
  type TextContent,
  type UriContent,
} from '@turnstream/core';
import { z } from 'zod';
import type { InputLimits } from '../../options.ts';
import { resultMessage, resultOfParts } from '../client-tools.ts';
import { acceptedFile, fileAt, fileOrNull } from '../media.ts';

const part = z.looseObject({ type: z.string() });

export const uiMessage = z.looseObject({
  id: z.string().min(1).max(200),
  role: z.enum(['system', 'user', 'assistant']),
  parts: z.array(part),
});

export type UiMessage = z.infer<typeof uiMessage>;
type Part = z.infer<typeof part>;

const text = z.looseObject({ type: z.literal('text'), text: z.string() });
const file = z.looseObject({
  type: z.literal('file'),
  url: z.string(),
  mediaType: z.string(),
  filename: z.string().optional(),
});
/** A call with its whole input. */
const call = z.looseObject({
  type: z.string(),
  toolCallId: z.string().min(1),
  state: z.string(),
  input: z.unknown().optional(),
});
const result = z.discriminatedUnion('state', [
  z.looseObject({
    state: z.literal('output-available'),
    output: z.unknown().optional(),
    preliminary: z.literal(false).optional(),
  }),
  z.looseObject({ state: z.literal('output-error'), errorText: z.string() }),
]);

/** An item of what a tool of the agent returned. Files at the model's service are not accepted from a client. */
const outputItem = z.discriminatedUnion('type', [
  text,
  z.looseObject({
    type: z.enum(['data', 'uri']),
    uri: z.string().regex(/^(?:data:[^,]*;base64,|https?:)/i),
    mediaType: z.string(),
    name: z.string().optional(),
  }),
]);
const outputItems = z.array(outputItem);

/** The text of a message, and its files. Throws `input_invalid` for files that the route does not accept. */
export function userContents({ parts }: UiMessage, limits: InputLimits): Message['contents'] {
  const contents = parts.flatMap((each): readonly Content[] => {
    if (each.type === 'file') return [fileOf(each, limits)];
    const { data } = text.safeParse(each);
    return data === undefined ? [] : [{ type: 'text', text: data.text }];
  });
  const files = contents.filter(({ type }) => type !== 'text');
  const said = contents.flatMap((each) => (each.type === 'text' ? each.text : [])).join('\n');
  if (files.length === 0) return said;
  return said === '' ? files : [{ type: 'text', text: said }, ...files];
}

/** Whether the server runs the tool of this name. */
type RunsTool = (name: string) => boolean;

/** None for a message that says nothing to the agent. */
export function toMessages(message: UiMessage, limits: InputLimits, runsTool: RunsTool): readonly Message[] {
  if (message.role === 'system') return [];
  if (message.role === 'assistant') return stepsOf(message).flatMap((parts) => stepMessages(parts, runsTool));
  const contents = userContents(message, limits);
  return typeof contents === 'string' && contents.trim() === '' ? [] : [{ role: 'user', contents }];
}

/** The results in a message: of the agent's tools, and of those that the page ran. */
export function resultsIn({ parts }: UiMessage): readonly Message[] {
  return parts.flatMap((each) => resultOf(each, runsNoTool) ?? []);
}

/** Reads every output as text: the session already has what the agent's own tools returned. */
const runsNoTool: RunsTool = () => false;

/** The parts of each model answer: a step begins one. */
function stepsOf({ parts }: UiMessage): readonly (readonly Part[])[] {
  const begins = parts.flatMap(({ type }, index) => (type === 'step-start' ? index : []));
  return [0, ...begins].map((begin, index) => parts.slice(begin, begins[index]));
}

/** What the model said in a step, then the results of its calls. Text that is still open was interrupted, and is marked. */
function stepMessages(parts: readonly Part[], runsTool: RunsTool): readonly Message[] {
  const contents = parts.flatMap((each): readonly Content[] => textOf(each) ?? madeFile(each) ?? callOf(each) ?? []);
  if (contents.length === 0) return [];
  const isHalf = parts.some(({ type, state }) => type === 'text' && state === 'streaming');
  const said: Message = { role: 'assistant', contents, ...(isHalf ? { status: 'cancelled' } : {}) };
  return [said, ...parts.flatMap((each) => resultOf(each, runsTool) ?? [])];
}

function textOf(each: Part): readonly Content[] | null {
  const { data } = text.safeParse(each);
  if (data === undefined) return null;
  return data.text === '' ? [] : [{ type: 'text', text: data.text }];
}

/** A file that the model made, which is sent to it again. */
function madeFile(each: Part): readonly Content[] | null {
  const { data } = file.safeParse(each);
  const made = data === undefined ? null : fileOrNull(data.url, data.mediaType, data.filename);
  return made === null ? null : [made];
}

/** Null for parts that are not a call, and for calls that are still being written. */
function callOf(each: Part): readonly Content[] | null {
  const { data } = call.safeParse(each);
  const name = data === undefined ? null : toolName(data);
  if (data === undefined || name === null || data.state === 'input-streaming') return null;
  const { toolCallId: callId, input } = data;
  const args = typeof input === 'string' ? input : (JSON.stringify(input) ?? '{}');
  return [{ type: 'function_call', callId, name, arguments: args }];
}

function resultOf(each: Part, runsTool: RunsTool): Message | null {
  const called = call.safeParse(each).data;
  const { data } = result.safeParse(each);
  if (called === undefined || data === undefined) return null;
  const { toolCallId: id } = called;
  if (data.state === 'output-error') return resultMessage(id, data.errorText, true);
  const { output } = data;
  const items = runsTool(toolName(called) ?? '') ? outputItems.safeParse(output).data : undefined;
  if (items?.some(({ type }) => type !== 'text') === true) return resultOfParts(id, items.flatMap(toItems));
  return resultMessage(id, typeof output === 'string' ? output : (JSON.stringify(output) ?? ''), false);
}

/** None for a file that cannot be read. */
function toItems(item: z.infer<typeof outputItem>): readonly (DataContent | TextContent | UriContent)[] {
  if (item.type === 'text') return [{ type: 'text', text: item.text }];
  const found = fileOrNull(item.uri, item.mediaType, item.name);
  return found === null ? [] : [found];
}

function toolName({ type, toolName: dynamic }: z.infer<typeof call>): string | null {
  if (type === 'dynamic-tool') return typeof dynamic === 'string' ? dynamic : null;
  return type.startsWith('tool-') ? type.slice('tool-'.length) : null;
}

function fileOf(each: Part, limits: InputLimits): Content {
  const { data } = file.safeParse(each);
  if (data !== undefined) return acceptedFile(fileAt(data.url, data.mediaType, data.filename), limits);
  throw new AgentError('input_invalid', 'A file part needs a url and a mediaType.');
}
