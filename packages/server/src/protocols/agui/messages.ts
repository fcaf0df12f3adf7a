// Turns the messages of an AG-UI client into ours. Reasoning and activities are shown to people; the agent has no use for them.
import { AgentError, type Content, type DataContent, type Message, type UriContent } from '@turnstream/core';
import { z } from 'zod';
import type { InputLimits } from '../../options.ts';
import { assistantCall, callContent, resultMessage, resultOfParts } from '../client-tools.ts';
import { withoutEmptyText } from '../length.ts';
import { acceptedFile, dataOf, fileAt, fileOrNull } from '../media.ts';

const source = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('data'), value: z.string(), mimeType: z.string() }),
  z.looseObject({ type: z.literal('url'), value: z.string(), mimeType: z.string().optional() }),
  z.looseObject({ type: z.literal('file') }),
]);

const part = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('text'), text: z.string() }),
  z.looseObject({ type: z.enum(['image', 'audio', 'video', 'document']), source }),
]);

const content = z.union([z.string(), z.array(part)]);

export const aguiMessage = z.discriminatedUnion('role', [
  z.looseObject({ role: z.enum(['system', 'developer']), content: z.string() }),
  z.looseObject({ role: z.literal('user'), id: z.string().min(1).max(200), content }),
  z.looseObject({
    role: z.literal('assistant'),
    content: z.string().optional(),
    toolCalls: z.array(assistantCall).optional(),
  }),
  z.looseObject({ role: z.literal('tool'), toolCallId: z.string(), content, error: z.string().optional() }),
  z.looseObject({ role: z.enum(['activity', 'reasoning']) }),
]);

type AguiMessage = z.infer<typeof aguiMessage>;
type ToolMessage = Extract<AguiMessage, { role: 'tool' }>;
type Part = z.infer<typeof part>;
type FilePart = Exclude<Part, { type: 'text' }>;

/** Whether the server ran the call, judged by the name of its tool in the conversation. */
export type RanHere = (callId: string) => boolean;

/** None for messages that are not part of the conversation. */
export function toMessages(each: AguiMessage, limits: InputLimits, ranHere: RanHere): readonly Message[] {
  if (each.role === 'user') return [{ role: 'user', contents: userContents(each.content, limits), messageId: each.id }];
  if (each.role === 'tool') return [toResult(each, ranHere)];
  if (each.role !== 'assistant') return [];
  const contents: Content[] = [
    ...(each.content ? [{ type: 'text', text: each.content } as const] : []),
    ...(each.toolCalls ?? []).map(callContent),
  ];
  return contents.length === 0 ? [] : [{ role: 'assistant', contents }];
}

function userContents(given: z.infer<typeof content>, limits: InputLimits): Message['contents'] {
  return typeof given === 'string' ? given : withoutEmptyText(given.map((each) => toContent(each, limits)));
}

function toContent(given: Part, limits: InputLimits): Content {
  return given.type === 'text' ? { type: 'text', text: given.text } : acceptedFile(fileIn(given), limits);
}

function fileIn({ type, source: from }: FilePart): DataContent | UriContent {
  if (from.type === 'data') return dataOf(from.value, from.mimeType);
  if (from.type === 'url') return fileAt(from.value, from.mimeType ?? ANY[type]);
  throw new AgentError('input_invalid', 'Files at the model provider are not accepted. Send the bytes or an address.');
}

/** Media types for an address without one: they decide what the model is sent. */
const ANY = { image: 'image/*', audio: 'audio/*', video: 'video/*', document: 'application/octet-stream' } as const;

/** Tools of the page return text. The agent's tools may return files, which the client sends back with each question. */
function toResult({ toolCallId, content: given, error }: ToolMessage, ranHere: RanHere): Message {
  if (error !== undefined) return resultMessage(toolCallId, error, true);
  if (typeof given === 'string' || !ranHere(toolCallId) || given.every(({ type }) => type === 'text')) {
    return resultMessage(toolCallId, textIn(given), false);
  }
  return resultOfParts(
    toolCallId,
    given.flatMap((each) => (each.type === 'text' ? { type: 'text', text: each.text } : (sentBack(each) ?? []))),
  );
}

/** Null for a file that cannot be read. The client sends it with every request, so an error would block the thread. */
function sentBack({ type, source: from }: FilePart): DataContent | UriContent | null {
  if (from.type === 'file') return null;
  const { value, mimeType = ANY[type] } = from;
  return fileOrNull(from.type === 'url' ? value : `data:${mimeType};base64,${value}`, mimeType);
}

function textIn(given: z.infer<typeof content>): string {
  if (typeof given === 'string') return given;
  if (given.every((each) => each.type === 'text')) return given.map(({ text }) => text).join('\n');
  throw new AgentError('input_invalid', 'Only text is accepted as the result of a tool.');
}
