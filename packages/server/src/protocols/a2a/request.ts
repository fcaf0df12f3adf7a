// Reads a message that is sent: a question, or the answers to calls that wait for approval.
import { AgentError, type Content, type Message } from '@turnstream/core';
import { z } from 'zod';
import type { A2AOptions, InputLimits } from '../../options.ts';
import type { ApprovalAnswer } from '../../store/approvals.ts';
import { approvalAnswers, sessionId } from '../../turn/request.ts';
import { checkLength, withoutEmptyText } from '../length.ts';
import { bareType, dataOf, fileAt } from '../media.ts';
import { A2ARefusal } from './refusal.ts';

const id = z.string().max(300).nullish();

/** In the JSON format of protocol buffers, null means that the member is absent. */
const optionalText = z
  .string()
  .nullish()
  .transform((value) => value ?? undefined);

const part = z.looseObject({
  text: optionalText,
  raw: optionalText,
  url: optionalText,
  data: z.unknown().optional(),
  mediaType: optionalText,
  filename: optionalText,
});

type Part = z.infer<typeof part>;

const message = z.looseObject({
  messageId: z.string().min(1).max(200),
  role: z.literal('ROLE_USER', { error: 'must be ROLE_USER' }),
  parts: z.array(part).min(1).max(200),
  contextId: z.union([z.literal(''), sessionId]).nullish(),
  taskId: id,
  referenceTaskIds: z.array(z.string().max(300)).max(100).nullish(),
});

const configuration = z.looseObject({
  acceptedOutputModes: z.array(z.string()).nullish(),
  historyLength: z.int().min(0).nullish(),
  returnImmediately: z.boolean().nullish(),
  taskPushNotificationConfig: z.unknown().optional(),
});

/** The protocol asks servers to ignore members that they do not know. */
export const sendBody = z.looseObject({
  message,
  configuration: configuration.nullish(),
  tenant: z.string().nullish(),
});

export type SendBody = z.infer<typeof sendBody>;

export type Said =
  | { readonly kind: 'question'; readonly text: string; readonly contents: Message['contents'] }
  | { readonly kind: 'approvals'; readonly answers: readonly ApprovalAnswer[] };

/** The request, before any lookup. */
export interface Sent {
  readonly said: Said;
  readonly messageId: string;
  /** Null for a new one. */
  readonly contextId: string | null;
  /** Null for a new one. */
  readonly taskId: string | null;
  readonly references: readonly string[];
  readonly returnImmediately: boolean;
  readonly historyLength: number | null;
}

/** Throws for a request that this server cannot answer. */
export function readSent(
  { message: sent, configuration: wanted, tenant }: SendBody,
  limits: InputLimits,
  { inputModes = [] }: A2AOptions,
): Sent {
  if (tenant != null && tenant !== '') {
    throw new AgentError('input_invalid', 'This server has no tenants. Leave tenant out, as in its agent card.');
  }
  if (wanted?.taskPushNotificationConfig != null) throw noPush();
  refuseOutputModes(wanted?.acceptedOutputModes ?? []);
  const { messageId, parts, contextId, taskId, referenceTaskIds } = sent;
  return {
    said: saidIn(parts, limits, inputModes),
    messageId,
    contextId: contextId || null,
    taskId: taskId || null,
    references: referenceTaskIds ?? [],
    returnImmediately: wanted?.returnImmediately === true,
    historyLength: wanted?.historyLength ?? null,
  };
}

export function noPush(): A2ARefusal {
  return new A2ARefusal(
    'PUSH_NOTIFICATION_NOT_SUPPORTED',
    'This server sends no push notifications. Subscribe to the task, or get it.',
  );
}

function saidIn(parts: readonly Part[], limits: InputLimits, inputModes: readonly string[]): Said {
  if (parts.some((each) => each.data !== undefined)) return { kind: 'approvals', answers: answersIn(parts) };
  const contents = withoutEmptyText(parts.map((each) => contentOf(each, inputModes)));
  const text = contents.flatMap((each) => (each.type === 'text' ? each.text : [])).join('\n');
  const question = contents.every(({ type }) => type === 'text') ? text : contents;
  checkLength({ role: 'user', contents: question }, limits);
  return { kind: 'question', text, contents: question };
}

function contentOf({ text, raw, url, mediaType = '', filename }: Part, inputModes: readonly string[]): Content {
  if (text !== undefined) return { type: 'text', text };
  if (!inputModes.includes(bareType(mediaType))) {
    const accepted = ['text', ...inputModes].join(', ');
    throw new A2ARefusal(
      'CONTENT_TYPE_NOT_SUPPORTED',
      `A part has the media type ${JSON.stringify(mediaType.slice(0, 100))}; this agent reads: ${accepted}.`,
    );
  }
  return raw === undefined ? fileAt(url ?? '', mediaType, filename) : dataOf(raw, mediaType, filename);
}

function answersIn(parts: readonly Part[]): readonly ApprovalAnswer[] {
  const [only, ...others] = parts;
  const { success, data } = z.looseObject({ approvals: approvalAnswers }).safeParse(only?.data);
  if (success && others.length === 0) return data.approvals;
  throw new A2ARefusal(
    'CONTENT_TYPE_NOT_SUPPORTED',
    'Data is accepted only as {"approvals":[{"callId","arguments","approved"}]}, as the only part of the message.',
  );
}

const TEXT_MODES: ReadonlySet<string> = new Set(['text/plain', 'text/*', '*/*', 'text']);

function refuseOutputModes(modes: readonly string[]): void {
  if (modes.length === 0 || modes.some((mode) => TEXT_MODES.has(mode))) return;
  throw new A2ARefusal('CONTENT_TYPE_NOT_SUPPORTED', 'This agent answers in text/plain. Accept it as an output mode.');
}
