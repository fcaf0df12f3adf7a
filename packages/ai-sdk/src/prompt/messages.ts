// From messages to a prompt. What a prompt has no place for is an error before anything is sent.
import type {
  LanguageModelV4Message,
  LanguageModelV4Prompt,
  LanguageModelV4TextPart,
  LanguageModelV4ToolCallPart,
  LanguageModelV4ToolResultPart,
} from '@ai-sdk/provider';
import { AgentError, type Content, contentsOf, type FunctionCallContent, type Message, textOf } from '@turnstream/core';
import { type ChatRequest, callsOf, resultsOf } from '@turnstream/core/seams';
import { given } from '../opaque.ts';
import { filePart, type ModelTraits, unsendable } from './files.ts';
import { itemPart } from './items.ts';
import { resultPart } from './results.ts';

type Asked = Extract<LanguageModelV4Message, { role: 'user' }>['content'][number];
type Said = Extract<LanguageModelV4Message, { role: 'assistant' }>['content'][number];

/** The instructions first, then one message for each. Throws `input_invalid`. */
export function promptOf(
  { instructions, messages }: Pick<ChatRequest, 'instructions' | 'messages'>,
  model: ModelTraits,
): LanguageModelV4Prompt {
  const prompt: LanguageModelV4Prompt = [];
  if (instructions !== null && instructions !== '') prompt.push({ role: 'system', content: instructions });
  /** Results name their tool here, and core's know their call. */
  const names = new Map<string, string>();
  for (const message of messages) {
    for (const { callId, name } of callsOf(message)) names.set(callId, name);
    const wire = messageOf(message, names, model);
    if (wire !== null) prompt.push(wire);
  }
  return prompt;
}

/** Null for a message that would be empty: some services refuse it. */
function messageOf(
  message: Message,
  names: ReadonlyMap<string, string>,
  model: ModelTraits,
): LanguageModelV4Message | null {
  const { role } = message;
  switch (role) {
    case 'system':
      return { role, content: systemText(message) };
    case 'user':
      return { role, content: contentsOf(message).map((content) => askedPart(content, model)) };
    case 'assistant': {
      const content = saidParts(contentsOf(message), model);
      return content.length === 0 ? null : { role, content };
    }
    case 'tool':
      return { role, content: resultParts(message, names, model) };
  }
}

function systemText(message: Message): string {
  const other = contentsOf(message).find(({ type }) => type !== 'text');
  if (other !== undefined) throw unsendable(`${other.type} in a system message`, 'providers take text there');
  return textOf(message);
}

function askedPart(content: Content, model: ModelTraits): Asked {
  if (content.type === 'text') return { type: 'text', text: content.text, ...given(content) };
  if (content.type === 'uri' || content.type === 'data' || content.type === 'hosted_file') {
    return filePart(content, model);
  }
  throw unsendable(`${content.type} in a question`, 'providers take text, images and files there');
}

function saidParts(contents: readonly Content[], model: ModelTraits): Said[] {
  const parts: Said[] = [];
  for (const content of contents) {
    const before = parts.at(-1);
    // Metadata of a text came after its words, as a text without any.
    if (content.type === 'text' && content.text === '' && isUnsigned(before)) {
      parts[parts.length - 1] = { ...before, ...given(content) };
      continue;
    }
    const part = saidPart(content, model);
    if (part !== null) parts.push(part);
  }
  return parts;
}

function isUnsigned(part: Said | undefined): part is LanguageModelV4TextPart {
  return part?.type === 'text' && part.providerOptions === undefined;
}

/** Null for what says nothing, and for what another client keeps for itself. */
function saidPart(content: Content, model: ModelTraits): Said | null {
  switch (content.type) {
    case 'text':
    case 'refusal': {
      const options = content.type === 'text' ? given(content) : {};
      return content.text === '' && Object.keys(options.providerOptions ?? {}).length === 0
        ? null
        : { type: 'text', text: content.text, ...options };
    }
    case 'text_reasoning':
      return { type: 'reasoning', text: content.text, ...given(content) };
    case 'function_call':
      return callPart(content);
    case 'uri':
    case 'data':
    case 'hosted_file':
      return filePart(content, model);
    case 'service_item':
      return itemPart(content);
    case 'function_result':
    case 'approval_request':
    case 'approval_response':
    case 'tool_progress':
      break;
  }
  throw unsendable(`${content.type} in an answer`, 'leave it out');
}

function callPart(call: FunctionCallContent): LanguageModelV4ToolCallPart {
  return { type: 'tool-call', toolCallId: call.callId, toolName: call.name, input: inputOf(call), ...given(call) };
}

/** An agent replays whole arguments only; no text means that there are none. */
function inputOf({ callId, arguments: text }: FunctionCallContent): unknown {
  try {
    return JSON.parse(text.trim() === '' ? '{}' : text);
  } catch {
    throw new AgentError('input_invalid', `The arguments of the call ${JSON.stringify(callId)} are not JSON.`);
  }
}

function resultParts(
  message: Message,
  names: ReadonlyMap<string, string>,
  model: ModelTraits,
): LanguageModelV4ToolResultPart[] {
  const results = resultsOf(message);
  if (results.length === 0) {
    throw new AgentError('input_invalid', "A message with role 'tool' answers no tool call. Leave it out.");
  }
  return results.map((result) => resultPart(result, names.get(result.callId), model));
}
