// Message content as span attributes, in the format of the conventions: only on request, because spans are exported.
import type { Attributes } from '@opentelemetry/api';
import { type Content, contentsOf, type FinishReason, type Message } from '@turnstream/core';
import { asObject } from '@turnstream/core/seams';

export function inputContent(messages: readonly Message[], instructions: string | null): Attributes {
  return {
    'gen_ai.input.messages': JSON.stringify(messages.map(asMessage)),
    ...(instructions === null
      ? {}
      : { 'gen_ai.system_instructions': JSON.stringify([{ type: 'text', content: instructions }]) }),
  };
}

/** The model's messages. `reason` is the finish reason of the last one; the earlier ones ended with a tool call. */
export function outputContent(messages: readonly Message[], reason: FinishReason): Attributes {
  const said = messages.filter(({ role }) => role === 'assistant');
  const output = said.map((message, index) => {
    const ending = index === said.length - 1 ? reason : 'tool_calls';
    return { ...asMessage(message), finish_reason: ending === 'tool_calls' ? 'tool_call' : ending };
  });
  return { 'gen_ai.output.messages': JSON.stringify(output) };
}

/** The arguments or the result of a tool. Leaves out what JSON cannot hold: telemetry must not make the tool fail. */
export function valueContent(name: string, value: unknown): Attributes {
  try {
    const json = JSON.stringify(value, (_key, each: unknown) => (typeof each === 'bigint' ? String(each) : each));
    return json === undefined ? {} : { [name]: json };
  } catch {
    return {};
  }
}

function asMessage(message: Message): { readonly role: string; readonly parts: readonly object[] } {
  return { role: message.role, parts: contentsOf(message).flatMap(asParts) };
}

function asParts(content: Content): object[] {
  switch (content.type) {
    case 'text':
    case 'refusal':
      return content.text === '' ? [] : [{ type: 'text', content: content.text }];
    case 'text_reasoning':
      return content.text === '' ? [] : [{ type: 'reasoning', content: content.text }];
    case 'function_call': {
      const { callId: id, name, arguments: text } = content;
      return [{ type: 'tool_call', id, name, arguments: parsed(text) }];
    }
    case 'function_result': {
      const { callId: id, result, items } = content;
      return [{ type: 'tool_call_response', id, response: items?.flatMap(asParts) ?? result }];
    }
    case 'data': {
      const data = content.uri.slice(content.uri.indexOf(',') + 1);
      return [{ type: 'blob', ...kindOf(content.mediaType), content: data }];
    }
    case 'uri':
      return [{ type: 'uri', ...kindOf(content.mediaType), uri: content.uri }];
    case 'hosted_file':
      return [{ type: 'file', ...kindOf(content.mediaType), file_id: content.fileId }];
    case 'service_item':
      return [{ type: 'service_item', name: content.name }];
    case 'approval_request':
    case 'approval_response':
    case 'tool_progress':
      return [];
  }
}

function kindOf(mediaType = 'application/octet-stream'): object {
  const [top = ''] = mediaType.split('/', 1);
  return { mime_type: mediaType, modality: ['image', 'audio', 'video'].includes(top) ? top : 'document' };
}

/** Truncated arguments stay text. */
function parsed(text: string): unknown {
  try {
    return asObject(JSON.parse(text)) ?? text;
  } catch {
    return text;
  }
}
