// The helper of the package looks for the reason by itself.
import type OpenAI from 'openai';

export async function ask(openai: OpenAI, question: string): Promise<string> {
  const messages = [{ role: 'user' as const, content: question }];
  const answer = await openai.chat.completions.stream({ model: 'shop', messages }).finalContent();
  return answer ?? '';
}
