// What this library gave, in the words of the recordings, so that both can be compared as data.
import {
  type AgentResponse,
  type AgentResponseUpdate,
  type AgentSession,
  type Content,
  contentsOf,
  type HistoryProvider,
  type Message,
  textOf,
  type Usage,
} from '@turnstream/core';
import type { Json } from './golden-trace.ts';

export function goldenUpdate(update: AgentResponseUpdate): Json {
  const usage = update.usage === null ? [] : [{ type: 'usage', usage_details: goldenUsage(update.usage) }];
  return { text: update.text, contents: [...update.contents.map(goldenContent), ...usage] };
}

export function goldenResponse(response: AgentResponse): Json {
  return {
    text: response.text,
    messages: response.messages.map(goldenMessage),
    finish_reason: response.finishReason,
    response_id: response.responseId,
    usage: response.usage === null ? null : goldenUsage(response.usage),
    status: response.status,
  };
}

/** The session with the messages of its conversation, wherever they are kept. */
export async function goldenSession(session: AgentSession, provider: HistoryProvider | null): Promise<Json> {
  const kept = session.state['history'] as { readonly turns: readonly (readonly Message[])[] } | undefined;
  const messages = provider === null ? (kept?.turns.flat() ?? []) : (await provider.load(session)).messages;
  return {
    session_id: session.sessionId,
    service_session_id: session.serviceSessionId,
    messages: messages.map(goldenMessage),
    stored: JSON.stringify(session) + JSON.stringify(messages),
  };
}

function goldenMessage(message: Message): Json {
  return {
    role: message.role,
    text: textOf(message),
    author_name: message.authorName ?? null,
    contents: contentsOf(message).map(goldenContent),
  };
}

function goldenContent(content: Content): Json {
  switch (content.type) {
    case 'function_call':
      return { type: content.type, call_id: content.callId, name: content.name, arguments: content.arguments };
    case 'function_result':
      return { type: content.type, call_id: content.callId, result: content.result };
    case 'text':
    case 'text_reasoning':
    case 'refusal':
      return { type: content.type, text: content.text };
    case 'uri':
    case 'data':
      return { type: content.type, uri: content.uri, media_type: content.mediaType };
    case 'hosted_file':
      return { type: content.type, file_id: content.fileId, media_type: content.mediaType ?? null };
    case 'service_item':
    case 'tool_progress':
    case 'approval_request':
    case 'approval_response':
      return { type: content.type };
    default:
      return content satisfies never;
  }
}

function goldenUsage(usage: Usage): Json {
  return {
    input_token_count: usage.inputTokens,
    output_token_count: usage.outputTokens,
    total_token_count: usage.totalTokens,
  };
}
