// Small differences that hold for many recordings: each with its reason and the test that pins what is done here.
import type { GoldenTrace, Json } from './golden-trace.ts';
import type { TestLink } from './test-link.ts';

/** Applied to the body of every recorded request before it is compared. */
export const requestTolerances: readonly {
  readonly id: string;
  readonly reason: string;
  readonly test: TestLink;
  readonly apply: (body: Json, trace: GoldenTrace) => Json;
}[] = [
  {
    id: 'T1-include',
    reason:
      'Encrypted reasoning is asked for only where a model reasons and nothing is stored; others answer 400 to it.',
    test: {
      file: 'packages/openai/test/responses/request.test.ts',
      title: 'a reasoning model is asked for its encrypted reasoning when nothing is stored',
    },
    apply: ({ include: _asked, ...body }) => body,
  },
  {
    id: 'T2-split-messages',
    reason: 'Text and calls of one assistant message are one chat message.',
    test: {
      file: 'packages/openai/test/request/tools.test.ts',
      title: 'on Chat Completions text and calls of a message are one message, and every result is one',
    },
    apply: (body) =>
      'messages' in body ? { ...body, messages: joinSplit(body['messages'] as readonly Json[]) } : body,
  },
  {
    id: 'T13-null-content',
    reason: 'A message of calls alone says `content: null`, which servers other than OpenAI require.',
    test: {
      file: 'packages/openai/test/request/tools.test.ts',
      title: 'on Chat Completions a message of calls alone has the content null',
    },
    apply: (body) =>
      'messages' in body ? { ...body, messages: (body['messages'] as readonly Json[]).map(withNullContent) } : body,
  },
  {
    id: 'T9-tool-schema',
    reason: 'The schema of a tool is sent as it was given.',
    test: {
      file: 'packages/openai/test/request/tools.test.ts',
      title: 'Responses gets tools in flat form, with their schema unchanged and not enforced',
    },
    apply: (body, trace) =>
      'tools' in body && trace.api === 'responses'
        ? { ...body, tools: (body['tools'] as readonly Json[]).map((tool) => withGivenSchema(tool, trace)) }
        : body,
  },
  {
    id: 'T10-item-id',
    reason: 'Replayed calls need no item id and no status.',
    test: {
      file: 'packages/openai/test/request/tools.test.ts',
      title: 'on Responses text, calls and results are items in their order, without ids',
    },
    apply: (body) =>
      'input' in body ? { ...body, input: (body['input'] as readonly Json[]).map(withoutItemId) } : body,
  },
];

/** A refusal is a content of its own kind here, so that it can be told from an answer; its words are part of the text. */
export function kindOf(type: unknown): unknown {
  return type === 'refusal' ? 'text' : type;
}

/** Kinds of content that the recordings have and this library says in another way. */
export const contentTolerances: readonly {
  readonly id: string;
  readonly reason: string;
  readonly test: TestLink;
  readonly drops: (content: Json) => boolean;
}[] = [
  {
    id: 'T12-empty-message',
    reason: 'An update or message without anything to read has no contents here; there it may hold an empty text.',
    test: {
      file: 'packages/openai/test/chat-completions/answer-errors.test.ts',
      title: 'an empty frame, as some services send to keep a connection open, says nothing',
    },
    drops: ({ type, text }) => (type === 'text' || type === 'text_reasoning') && (text ?? '') === '',
  },
  {
    id: 'T8-usage-keys',
    reason:
      'Usage is a field of the update here and a content there; its numbers are compared with the final response.',
    test: {
      file: 'packages/openai/test/chat-completions/answer.test.ts',
      title: 'role, texts, finish reason and usage become one update each; the rest none',
    },
    drops: ({ type }) => type === 'usage',
  },
];

/** A run that has not ended holds a token there. Its session is not compared by the service's id. */
export const openRunTolerance: {
  readonly id: string;
  readonly reason: string;
  readonly test: TestLink;
  readonly isOpen: (step: Json) => boolean;
} = {
  id: 'T14-open-background-id',
  reason: "The service's id of a conversation moves when the run has ended; the original moves it when it starts.",
  test: {
    file: 'packages/core/test/background/run.test.ts',
    title: 'with history at the service the id moves when the run has ended, and not before',
  },
  isOpen: ({ response }) => (response as Json | undefined)?.['continuation_token'] != null,
};

function withNullContent(message: Json): Json {
  return 'tool_calls' in message && !('content' in message) ? { ...message, content: null } : message;
}

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
