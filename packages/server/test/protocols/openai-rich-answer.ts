// An answer with everything that OpenAI's APIs can show, in two calls of the model, and what its frames are compared with.
import { type Content, type Tool, tool } from '@turnstream/core';
import { type ChatUpdate, chatUpdate } from '@turnstream/core/seams';
import { openRig, type Rig, type RigOptions } from '../app-rig.ts';

const find: Tool<object> = tool({ name: 'find', description: 'Finds.', execute: () => 'a map' });
const fail: Tool<object> = tool({ name: 'fail', description: 'Fails.', execute: () => Promise.reject(new Error('x')) });

const call = (callId: string, name: string, fragment: string): Content => ({
  type: 'function_call',
  callId,
  name,
  arguments: fragment,
});

const thinking: readonly ChatUpdate[] = [
  chatUpdate({ contents: [{ type: 'text_reasoning', text: 'Hm', id: 'r', part: 0 }], messageId: 'a' }),
  chatUpdate({ contents: [{ type: 'text_reasoning', text: '…', id: 'r', part: 0 }], messageId: 'a' }),
  chatUpdate({ contents: [{ type: 'text_reasoning', text: 'So.', id: 's', part: 0 }], messageId: 'a' }),
  chatUpdate({ contents: [{ type: 'text', text: 'Let me look.' }], phase: 'commentary', messageId: 'b' }),
  chatUpdate({ contents: [call('f', 'find', '{"at"'), call('x', 'fail', '')], messageId: 'c' }),
  chatUpdate({ contents: [call('x', '', '{}'), call('f', '', ':1}')], messageId: 'c' }),
  chatUpdate({
    finishReason: 'tool_calls',
    usage: { inputTokens: 60, outputTokens: 20, totalTokens: 80, cachedInputTokens: 40 },
  }),
];

const answering: readonly ChatUpdate[] = [
  chatUpdate({ contents: [{ type: 'text', text: 'Not ' }], messageId: 'd' }),
  chatUpdate({ contents: [{ type: 'text', text: 'far.' }], messageId: 'd' }),
  chatUpdate({ contents: [{ type: 'refusal', text: 'No ' }], messageId: 'd' }),
  chatUpdate({ contents: [{ type: 'refusal', text: 'names.' }], messageId: 'd' }),
  // The name of the second call comes last.
  chatUpdate({ contents: [call('c1', 'look', '{"at"'), call('c2', '', '{"in"')], messageId: 'd' }),
  chatUpdate({ contents: [call('c2', '', ':"sea"'), call('c1', '', ':"sky"}')], messageId: 'd' }),
  chatUpdate({ contents: [call('c2', 'look', '}'), call('c1', '', '')], messageId: 'd' }),
  chatUpdate({
    finishReason: 'tool_calls',
    usage: { inputTokens: 70, outputTokens: 30, totalTokens: 100, cachedInputTokens: 50, reasoningTokens: 9 },
  }),
];

/** A server whose model gives the answer, as often as it is asked. */
export async function openRich(openai: RigOptions['openai'] & object): Promise<Rig> {
  let calls = 0;
  async function* send(): AsyncGenerator<ChatUpdate, undefined> {
    yield* calls++ % 2 === 0 ? thinking : answering;
  }
  return openRig({ openai, agent: { client: { send }, tools: [find, fail] } });
}
