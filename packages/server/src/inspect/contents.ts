// Messages as a server that inspects shows them: one entry for each content, with the begin of its text.
import { type Content, contentsOf, type Message } from '@turnstream/core';
import type { InspectedContent } from '../events/wire.ts';

const PREVIEW_CHARS = 300;

export function inspectedContents(message: Message): InspectedContent[] {
  return contentsOf(message).map((content) => {
    const text = wordsOf(content);
    return {
      role: message.role,
      kind: content.type,
      chars: text.length,
      preview: text.slice(0, PREVIEW_CHARS),
      ...callOf(content),
    };
  });
}

function callOf(content: Content): Pick<InspectedContent, 'callId' | 'failed'> {
  if (content.type === 'function_call') return { callId: content.callId };
  if (content.type !== 'function_result') return {};
  return content.error === undefined ? { callId: content.callId } : { callId: content.callId, failed: true };
}

function wordsOf(content: Content): string {
  if (content.type === 'function_call') return `${content.name} ${content.arguments}`;
  if (content.type === 'function_result') return content.result;
  return 'text' in content ? content.text : '';
}
