// The client of A2A, which begins with the agent's card.
import { type Message, Role } from '@a2a-js/sdk';
import { type Client, ClientFactory, ClientFactoryOptions, RestTransportFactory } from '@a2a-js/sdk/client';
import { type Ask, bearer, nothing } from './ask.ts';

export const a2a: Ask = async ({ url, token, question, onText = nothing }) => {
  const fetchImpl: typeof fetch = (input, init) =>
    fetch(input, { ...init, headers: { ...Object.fromEntries(new Headers(init?.headers)), ...bearer(token) } });
  const options = { ...ClientFactoryOptions.default, transports: [new RestTransportFactory({ fetchImpl })] };
  const client = await new ClientFactory(options).createFromUrl(url);
  let answer = '';
  for await (const { payload } of client.sendMessageStream(messageOf(question))) {
    if (payload?.$case === 'statusUpdate') refuseFailed(payload.value.status?.message?.parts);
    if (payload?.$case !== 'artifactUpdate') continue;
    answer += textIn(payload.value.artifact?.parts);
    onText();
  }
  return answer;
};

function messageOf(text: string): Parameters<Client['sendMessageStream']>[0] {
  const content = { $case: 'text' as const, value: text };
  const message = {
    messageId: crypto.randomUUID(),
    contextId: '',
    taskId: '',
    role: Role.ROLE_USER,
    parts: [{ content, metadata: undefined, filename: '', mediaType: '' }],
    metadata: undefined,
    extensions: [],
    referenceTaskIds: [],
  };
  return { tenant: '', metadata: undefined, configuration: undefined, message };
}

function textIn(parts: Message['parts'] = []): string {
  return parts.map(({ content }) => (content?.$case === 'text' ? content.value : '')).join('');
}

/** Only a failed task has words in its status. */
function refuseFailed(parts: Message['parts'] = []): void {
  if (parts.length > 0) throw new Error(textIn(parts));
}
