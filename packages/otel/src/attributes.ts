// Names of the OpenTelemetry GenAI conventions, version 0.1.0 of semantic-conventions-genai (status: development).
// https://github.com/open-telemetry/semantic-conventions-genai
import type { Attributes } from '@opentelemetry/api';
import type { AgentResponseUpdate, ModelCall, RunCall, ToolCall, Usage } from '@turnstream/core';

/** The dimensions of run metrics. */
export function runMeasured(agent: string | null, provider: string): Attributes {
  return {
    'gen_ai.operation.name': 'invoke_agent',
    'gen_ai.provider.name': provider,
    ...(agent === null ? {} : { 'gen_ai.agent.name': agent }),
  };
}

export function runAttributes({ agent, session }: RunCall, provider: string): Attributes {
  return {
    ...runMeasured(agent, provider),
    ...(session === null ? {} : { 'gen_ai.conversation.id': session.sessionId }),
  };
}

export function modelAttributes({ request }: ModelCall, provider: string, model: string | undefined): Attributes {
  return {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': provider,
    'gen_ai.request.stream': request.stream,
    ...(model === undefined ? {} : { 'gen_ai.request.model': model }),
  };
}

export function toolAttributes({ tool, callId }: ToolCall): Attributes {
  return {
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': tool.name,
    'gen_ai.tool.type': 'function',
    'gen_ai.tool.call.id': callId,
    'gen_ai.tool.description': tool.description,
  };
}

/** Attributes from an update. Later ones win. */
export function answerAttributes({ responseId, finishReason, metadata }: AgentResponseUpdate): Attributes {
  return {
    ...(responseId === null ? {} : { 'gen_ai.response.id': responseId }),
    ...(finishReason === null ? {} : { 'gen_ai.response.finish_reasons': [finishReason] }),
    ...(metadata?.model === undefined ? {} : { 'gen_ai.response.model': metadata.model }),
  };
}

export function usageAttributes({ inputTokens, outputTokens, cachedInputTokens, reasoningTokens }: Usage): Attributes {
  return {
    'gen_ai.usage.input_tokens': inputTokens,
    'gen_ai.usage.output_tokens': outputTokens,
    ...(cachedInputTokens === undefined ? {} : { 'gen_ai.usage.cache_read.input_tokens': cachedInputTokens }),
    ...(reasoningTokens === undefined ? {} : { 'gen_ai.usage.reasoning.output_tokens': reasoningTokens }),
  };
}
