// `openai`: the agent is a model.
import OpenAI from 'openai';
import { type Ask, nothing } from './ask.ts';

export const openai: Ask = async ({ url, token, question, onText = nothing }) => {
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: token });
  const messages = [{ role: 'user' as const, content: question }];
  const stream = await client.chat.completions.create({ model: 'shop', messages, stream: true });
  let answer = '';
  for await (const { choices } of stream) {
    answer += choices[0]?.delta.content ?? '';
    if (answer !== '') onText();
  }
  return answer;
};
