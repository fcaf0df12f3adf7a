// The last chunk of a whole answer has a reason for its end. Without one it broke off.
import type OpenAI from 'openai';

export async function ask(openai: OpenAI, question: string): Promise<string> {
  const messages = [{ role: 'user' as const, content: question }];
  const stream = await openai.chat.completions.create({ model: 'shop', messages, stream: true });
  let answer = '';
  let reason: string | null = null;
  for await (const { choices } of stream) {
    answer += choices[0]?.delta.content ?? '';
    reason = choices[0]?.finish_reason ?? reason;
  }
  if (reason === null) throw new Error('The answer broke off.');
  return answer;
}
