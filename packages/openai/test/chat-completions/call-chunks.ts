// Chunks of calls in a stream of Chat Completions, and the calls they amount to.
import type { FunctionCallContent } from '@turnstream/core';
import type { ChatUpdate } from '@turnstream/core/seams';
import { expect } from 'vitest';
import { chunk, decode } from './answer-chunks.ts';

export const madeUp: string = expect.stringMatching(/^call_[0-9a-f]{32}$/) as string;

/** A delta of tool calls. */
export const calls = (...entries: unknown[]): object => chunk({ tool_calls: entries });

export const finish: object = chunk({}, { finish_reason: 'tool_calls' });

export const read = (...frames: readonly (object | string)[]): ChatUpdate[] => decode(...frames).updates;

export function fragmentsOf(updates: readonly ChatUpdate[]): FunctionCallContent[] {
  return updates.flatMap((update) => update.contents).filter((content) => content.type === 'function_call');
}

/** The calls, with fragments joined by call id. */
export function joined(...frames: readonly (object | string)[]): { callId: string; name: string; args: string }[] {
  const whole = new Map<string, { callId: string; name: string; args: string }>();
  for (const { callId, name, arguments: args } of fragmentsOf(read(...frames))) {
    const call = whole.get(callId) ?? { callId, name: '', args: '' };
    whole.set(callId, { callId, name: call.name || name, args: call.args + args });
  }
  return [...whole.values()];
}

export const oslo = { name: 'get_weather', arguments: '{"city":"Oslo"}' };

export const lima = { name: 'get_weather', arguments: '{"city":"Lima"}' };

export const named = { name: 'get_weather' };
