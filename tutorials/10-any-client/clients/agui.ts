// `HttpAgent` of AG-UI.
import { HttpAgent } from '@ag-ui/client';
import { type Ask, bearer, nothing } from './ask.ts';

export const agui: Ask = async ({ url, token, question, onText = nothing }) => {
  const agent = new HttpAgent({ url: `${url}/agui`, headers: bearer(token) });
  agent.addMessage({ id: crypto.randomUUID(), role: 'user', content: question });
  let problem = '';
  const onRunErrorEvent = ({ event }: { readonly event: { readonly message: string } }): void => {
    problem = event.message;
  };
  await agent.runAgent({}, { onTextMessageContentEvent: onText, onRunErrorEvent });
  if (problem !== '') throw new Error(problem);
  const last = agent.messages.at(-1);
  return last?.role === 'assistant' ? (last.content ?? '') : '';
};
