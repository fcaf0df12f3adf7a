// `streamChat` of the server's own package.
import { streamChat } from '@turnstream/server/client';
import { type Ask, nothing } from './ask.ts';

export const ours: Ask = async ({ url, token, question, onText = nothing }) => {
  let answer = '';
  for await (const event of streamChat({ url, token, message: question })) {
    if (event.type === 'update') answer += event.text;
    onText();
  }
  return answer;
};
