// Where this library differs from the recordings on purpose, once for all traces: each rule with its reason.
import type { GoldenTrace, Json } from './golden-trace.ts';

/** Applied to the body of every recorded request before it is compared. */
export const requestTolerances: readonly {
  readonly id: string;
  readonly reason: string;
  readonly apply: (body: Json, trace: GoldenTrace) => Json;
}[] = [
  {
    id: 'T1-include',
    reason:
      'Encrypted reasoning is asked for only where a model reasons and nothing is stored; others answer 400 to it.',
    apply: ({ include: _asked, ...body }) => body,
  },
  {
    id: 'T2-split-messages',
    reason: 'Text and calls of one assistant message are one chat message.',
    apply: (body) =>
      'messages' in body ? { ...body, messages: joinSplit(body['messages'] as readonly Json[]) } : body,
  },
  {
    id: 'T9-tool-schema',
    reason: 'The schema of a tool is sent as it was given.',
    apply: (body, trace) =>
      'tools' in body && trace.api === 'responses'
        ? { ...body, tools: (body['tools'] as readonly Json[]).map((tool) => withGivenSchema(tool, trace)) }
        : body,
  },
  {
    id: 'T10-item-id',
    reason: 'Replayed calls need no item id and no status.',
    apply: (body) =>
      'input' in body ? { ...body, input: (body['input'] as readonly Json[]).map(withoutItemId) } : body,
  },
];

/** A refusal is a content of its own kind here, so that it can be told from an answer; its words are part of the text. */
export function kindOf(type: unknown): unknown {
  return type === 'refusal' ? 'text' : type;
}

/** Kinds of content that the recordings have and this library says in another way. */
export const contentTolerances: readonly { readonly reason: string; readonly drops: (content: Json) => boolean }[] = [
  {
    reason: 'T12: an update or message without anything to read has no contents here; there it may hold an empty text.',
    drops: ({ type, text }) => (type === 'text' || type === 'text_reasoning') && (text ?? '') === '',
  },
  {
    reason:
      'Usage is a field of the update here and a content there; the numbers are compared with the final response.',
    drops: ({ type }) => type === 'usage',
  },
];

function joinSplit(messages: readonly Json[]): readonly Json[] {
  const joined: Json[] = [];
  for (const message of messages) {
    const before = joined.at(-1);
    const continues = message['role'] === 'assistant' && before?.['role'] === 'assistant' && 'tool_calls' in message;
    if (continues && !('tool_calls' in before)) joined[joined.length - 1] = { ...before, ...message };
    else joined.push(message);
  }
  return joined;
}

function withGivenSchema(tool: Json, trace: GoldenTrace): Json {
  const given = trace.agent.tools.find((each) => each.name === tool['name']);
  return given === undefined ? tool : { ...tool, parameters: given.parameters };
}

function withoutItemId(item: Json): Json {
  if (item['type'] !== 'function_call') return item;
  const { id: _id, status: _status, ...rest } = item;
  return rest;
}
