// Results of tools, as text, as an error, or with files.
import type { LanguageModelV4ToolResultOutput, LanguageModelV4ToolResultPart } from '@ai-sdk/provider';
import { AgentError, type FunctionResultContent } from '@turnstream/core';
import { filePart, type ModelTraits } from './files.ts';

/** Throws `input_invalid` for a result whose call is not in the conversation: providers want the tool's name. */
export function resultPart(
  result: FunctionResultContent,
  toolName: string | undefined,
  model: ModelTraits,
): LanguageModelV4ToolResultPart {
  const { callId } = result;
  if (toolName === undefined) {
    throw new AgentError(
      'input_invalid',
      `The conversation holds a result for the call ${JSON.stringify(callId)} and not the call. Leave the result out.`,
    );
  }
  return { type: 'tool-result', toolCallId: callId, toolName, output: outputOf(result, model) };
}

function outputOf(
  { result, items, error }: FunctionResultContent,
  model: ModelTraits,
): LanguageModelV4ToolResultOutput {
  if (error !== undefined) return { type: 'error-text', value: result };
  if (items === undefined || items.every(({ type }) => type === 'text')) return { type: 'text', value: result };
  return {
    type: 'content',
    value: items.map((item) => (item.type === 'text' ? { type: 'text', text: item.text } : filePart(item, model))),
  };
}
