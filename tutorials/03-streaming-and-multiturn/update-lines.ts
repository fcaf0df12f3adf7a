// An update as lines to look at: one for each thing it carries, and none for an update that carries nothing.
import type { AgentResponseUpdate, Content } from '@turnstream/core';

export function linesOf({ contents, finishReason }: AgentResponseUpdate): string[] {
  const lines = contents.map(lineOf);
  return finishReason === null ? lines : [...lines, `finish     ${finishReason}`];
}

function lineOf(content: Content): string {
  switch (content.type) {
    case 'text':
    case 'refusal':
    case 'text_reasoning':
      return `${content.type.padEnd(10)} ${JSON.stringify(content.text)}`;
    case 'function_call':
      return `call       ${content.callId} ${content.name || '(same call)'} ${content.arguments}`;
    case 'function_result':
      return `result     ${content.callId} ${JSON.stringify(content.result)}`;
    case 'approval_request':
    case 'approval_response':
      return `${content.type} ${content.callId}`;
    default:
      return content satisfies never;
  }
}
