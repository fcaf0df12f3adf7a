// /v1/conversations: sessions that clients make, read and delete by themselves. Answers are added to them by `conversation`.
import { type AgentSession, type Content, contentsOf, type Message } from '@turnstream/core';
import { pendingCalls } from '@turnstream/core/seams';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ServerStore } from '../../../store/run-store.ts';
import type { ServerContext } from '../../../turn/context.ts';
import { saysSomething } from '../../../turn/request.ts';
import { refuseStrayOutputs } from '../stray-outputs.ts';
import { conversationId, conversationOf, newConversationId } from './ids.ts';
import { itemPage, itemsIn, listQuery } from './lists.ts';
import { item, itemMessages } from './request.ts';
import { openConversation } from './stored.ts';

const params = z.object({ id: conversationId });
const items = z.array(item).max(20);
const creating = z.looseObject({ items: items.nullish() }).nullish();
const adding = z.looseObject({ items: items.min(1) });

export function conversationRoutes(served: ServerContext): FastifyPluginAsyncZod {
  const { store, ceilings } = served;
  const { history, runs } = store;
  return async function conversationsPlugin(app) {
    app.post('/v1/conversations', { schema: { body: creating } }, async ({ agentOwner: owner, body }) => {
      const messages = addedBy(body?.items ?? []);
      refuseStrayOutputs([], messages, 'items');
      const sessionId = newConversationId();
      const session = await runs.createSession({ owner, maxSessions: ceilings.sessionsPerUser, sessionId });
      if (messages.length > 0) await runs.appendTurn(session, { owner }, messages, 0);
      return conversation(sessionId);
    });

    app.get('/v1/conversations/:id', { schema: { params } }, async ({ agentOwner: owner, params: { id } }) => {
      return conversation((await openConversation(served, owner, id, 'id')).sessionId);
    });

    app.delete('/v1/conversations/:id', { schema: { params } }, async ({ agentOwner: owner, params: { id } }) => {
      const { sessionId } = await openConversation(served, owner, id, 'id');
      using held = new DisposableStack();
      held.defer(served.sessionsInUse.take(sessionId));
      await runs.forgetSession(sessionId, { owner });
      return { id, object: 'conversation.deleted', deleted: true };
    });

    const listing = { schema: { params, querystring: listQuery } };
    app.get('/v1/conversations/:id/items', listing, async ({ agentOwner: owner, params: { id }, query }) => {
      const { turns } = await history.load(await openConversation(served, owner, id, 'id'));
      return itemPage(itemsIn(shownOf(turns, served)), itemIdIn(id), query);
    });

    const posting = { schema: { params, body: adding } };
    app.post('/v1/conversations/:id/items', posting, async ({ agentOwner: owner, params: { id }, body }) => {
      const messages = addedBy(body.items);
      const session = await openConversation(served, owner, id, 'id');
      using held = new DisposableStack();
      held.defer(served.sessionsInUse.take(session.sessionId));
      const turns = await addTurn(store, owner, session, messages);
      const before = itemsIn(shownOf(turns, served)).length;
      const added = itemsIn(messages);
      return itemPage(added, (index) => itemIdIn(id)(before + index), { limit: 100, order: 'asc' });
    });
  };
}

/** Adds the messages, if there are any, and returns the turns before them. Throws for an output of no call. */
async function addTurn(
  { history, runs }: ServerStore,
  owner: string,
  session: AgentSession,
  messages: readonly Message[],
): Promise<readonly (readonly Message[])[]> {
  const { turns, version } = await history.load(session);
  refuseStrayOutputs(turns.flat(), messages, 'items');
  if (messages.length > 0) await runs.appendTurn(session, { owner }, messages, version);
  return turns;
}

function conversation(sessionId: string): object {
  // Sessions do not know when they began.
  return { id: conversationOf(sessionId), object: 'conversation', created_at: 0, metadata: {} };
}

/** The caller's items as messages. The last one gets an id, which marks the turn as sent by the caller. */
function addedBy(given: z.infer<typeof items>): readonly Message[] {
  const messages = itemMessages(given).filter(saysSomething);
  const last = messages.at(-1);
  if (last === undefined) return messages;
  return [...messages.slice(0, -1), { ...last, messageId: `items_${crypto.randomUUID()}` }];
}

/** Leaves out calls of the agent's own tools. The caller's messages end with one that has an id; answers have no ids. */
function shownOf(turns: readonly (readonly Message[])[], served: ServerContext): readonly Message[] {
  const isHidden = new Map<string, boolean>();
  return turns.flatMap((turn) => {
    const asked = turn.findLastIndex(({ messageId }) => messageId !== undefined);
    const waiting = new Set(pendingCalls(turn.slice(asked + 1)));
    const isShown = (content: Content, index: number): boolean => {
      if (!('callId' in content)) return true;
      if (content.type === 'function_call') {
        const isForCaller = waiting.has(content) && !served.runsTool(content.name);
        isHidden.set(content.callId, index > asked && !isForCaller);
      }
      return isHidden.get(content.callId) !== true;
    };
    return turn.map((message, index) => ({
      ...message,
      contents: contentsOf(message).filter((content) => isShown(content, index)),
    }));
  });
}

function itemIdIn(id: string): (index: number) => string {
  return (index) => `item_${id.slice('conv_'.length)}_${index}`;
}
