// Messages that come back from storage: checked once at the edge, unknown members kept for newer readers.
import { AgentError } from '../errors.ts';
import type {
  Annotation,
  Content,
  MediaContent,
  Message,
  Opaque,
  TextContent,
  ToolErrorCode,
} from '../message/message.ts';
import * as json from './json.ts';
import { copyJson } from './json-value.ts';

const { id, object, optional, string } = json;
const opaque = object<Opaque>({});
const named = object({ type: string });
const call = { callId: string, name: string, arguments: string };
/** Inside a content as well, a newer version may have written what this one does not know. */
const annotation: json.Reader<Annotation> = (value) => named(value) as Annotation;
const toolErrorCode = string as json.Reader<ToolErrorCode>;

/** The members of every type of content. One that is missing here does not compile. */
const CONTENTS: {
  readonly [T in Content['type']]: json.Members<Omit<Extract<Content, { readonly type: T }>, 'type'>>;
} = {
  text: { text: string, annotations: optional(json.listOf(annotation)), opaque: optional(opaque) },
  text_reasoning: {
    text: string,
    id: optional(string),
    part: optional(json.count),
    encrypted: optional(string),
    opaque: optional(opaque),
  },
  refusal: { text: string },
  uri: { uri: string, mediaType: string, opaque: optional(opaque) },
  data: { uri: string, mediaType: string, name: optional(string), opaque: optional(opaque) },
  hosted_file: { fileId: string, mediaType: optional(string), name: optional(string), opaque: optional(opaque) },
  service_item: { name: string, id: optional(string), opaque },
  function_call: { ...call, opaque: optional(opaque) },
  function_result: {
    callId: string,
    result: string,
    items: optional(json.listOf((value) => content(value) as TextContent | MediaContent)),
    error: optional(toolErrorCode),
  },
  approval_request: call,
  tool_progress: { callId: string, progress: (value) => value },
  approval_response: { callId: string, arguments: string, approved: json.boolean },
};

const readers = new Map(Object.entries(CONTENTS).map(([type, members]) => [type, object<unknown>(members)]));

/** Contents of a type this version does not know pass: a newer one wrote them and will read them again. */
function content(value: unknown): Content {
  const { type } = named(value);
  readers.get(type)?.(value);
  return value as Content;
}

const contents = json.listOf(content);

/** One message, as callers hand it in and as histories keep it. */
export const storedMessage: json.Reader<Message> = object<Message>({
  role: json.oneOf('user', 'assistant', 'system', 'tool'),
  contents: (value) => (typeof value === 'string' ? value : contents(value)),
  authorName: optional(string),
  messageId: optional(string),
  phase: optional(string),
  status: optional(json.oneOf('cancelled', 'failed', 'incomplete')),
  runId: optional(id),
});

/** One turn. */
export const storedTurn: json.Reader<readonly Message[]> = json.listOf(storedMessage);

/** The stored value as one turn. Throws `history_corrupt`, with `where` it is stored and the first thing that is wrong. */
export function parseTurn(value: unknown, where: string): readonly Message[] {
  return json.read(value, storedTurn, (problem) => corrupt(`${where}: ${problem}`));
}

/**
 * A copy of the turn that every history can keep and give back as it is. Throws `input_invalid`, with the place, for
 * what JSON cannot hold and for what `parseTurn` would refuse later.
 */
export function storableTurn(messages: readonly Message[]): readonly Message[] {
  return json.read(copyJson(messages, 'turn', unstorable), storedTurn, unstorable, 'turn');
}

/** The error of a stored history that cannot be read. */
export function corrupt(problem: string): AgentError {
  return new AgentError('history_corrupt', `The stored history cannot be read: ${problem}.`);
}

function unstorable(problem: string): AgentError {
  return new AgentError('input_invalid', `Not a storable turn: ${problem}.`);
}
