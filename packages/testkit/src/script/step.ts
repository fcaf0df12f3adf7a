// What a scripted model does with one call.
import type { BackgroundStep } from './background.ts';
import type { DropStep, HttpErrorStep, RawReplyStep, ReplyPart, ReplyStep } from './reply.ts';

/** What the model does with one call. */
export type Step = ReplyStep | BackgroundStep | HttpErrorStep | RawReplyStep | DropStep;

/** Describes a step in a message to the author of the script. */
export function describeStep(step: Step): string {
  switch (step.kind) {
    case 'reply': {
      const parts = step.parts.map(describePart);
      return parts.length === 1 ? parts.join('') : `answer([${parts.join(', ')}])`;
    }
    case 'background':
      return `background(${describeStep(step.reply)})`;
    case 'http_error':
      return `httpError(${step.status})`;
    case 'raw_reply':
      return `rawReply({ status: ${step.status} })`;
    case 'drop':
      return 'dropConnection()';
    default:
      return step satisfies never;
  }
}

const builders = { text: 'reply', refusal: 'refuse', function_call: 'callTool' } as const;

function describePart(part: ReplyPart): string {
  const text = part.chunks.join('');
  const shown = JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
  return `${builders[part.type]}(${part.type === 'function_call' ? `${JSON.stringify(part.name)}, ${shown}` : shown})`;
}
