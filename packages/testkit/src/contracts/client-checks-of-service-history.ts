// What a ChatClient does when the service keeps the conversation: it sends and returns the conversation id.
import { expect } from 'vitest';
import { reply } from '../script/reply.ts';
import { type ClientChecks, lastKnown } from './client-check.ts';

export const checksOfServiceHistory: ClientChecks = {
  async 'returns the conversation id and continues that conversation when the service keeps the history'(open) {
    await using it = await open(reply('A language.', { id: 'resp_first' }), reply('1991'));

    const first = await it.collect({ conversation: { id: null } });
    const id = lastKnown(first, 'conversationId');
    await it.collect({ conversation: { id }, messages: [{ role: 'user', contents: 'How old is it?' }] });

    expect(id).toBe('resp_first');
    expect(it.model.requests[1]?.body['previous_response_id']).toBe('resp_first');
    expect(it.model.requests[1]?.texts).toEqual(['How old is it?']);
  },
};
