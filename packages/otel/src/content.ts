// Message content as span attributes: only on request, because spans are exported.
import type { Attributes } from '@opentelemetry/api';
import type { Message } from '@turnstream/core';

export function inputContent(messages: readonly Message[], instructions: string | null): Attributes {
  return {
    'gen_ai.input.messages': JSON.stringify(messages),
    ...(instructions === null ? {} : { 'gen_ai.system_instructions': instructions }),
  };
}

export function outputContent(text: string): Attributes {
  return { 'gen_ai.output.messages': JSON.stringify([{ role: 'assistant', contents: text }]) };
}
