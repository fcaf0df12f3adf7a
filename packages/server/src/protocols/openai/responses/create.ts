// What POST /v1/responses asks for: a question, what the caller declared, and the conversation that it belongs to.
import type { AgentSession, Message } from '@turnstream/core';
import type { OpenAIOptions } from '../../../options.ts';
import type { AskedOptions } from '../../../store/new-run.ts';
import type { ServerContext } from '../../../turn/context.ts';
import { checkLength } from '../length.ts';
import { OpenAIRefusal } from '../refusal.ts';
import { askedOptions, modelName, refuseOtherModel, refuseOthers } from '../settings.ts';
import { refuseStrayOutputs } from '../stray-outputs.ts';
import { conversationOf } from './ids.ts';
import { inputMessages, RESPONSES_MEMBERS, type ResponsesBody, responsesSettings } from './request.ts';
import { openConversation, previousResponse, sessionAfter, type TargetSession } from './stored.ts';

export interface Asked {
  readonly input: readonly Message[];
  readonly options: AskedOptions;
  readonly callerTools: ReadonlySet<string>;
}

/** Throws for a body that this agent cannot answer, before anything is looked up. */
export function readAsked(body: ResponsesBody, served: ServerContext, options: OpenAIOptions): Asked {
  refuseOtherModel(body.model, modelName(options, served.agent.name));
  refuseOthers(body, RESPONSES_MEMBERS);
  const settings = responsesSettings(body);
  const asked = askedOptions(settings, served.toolNames, options);
  const input = inputMessages(body);
  for (const message of input.slice(-1)) checkLength(message, served.inputLimits('/v1/responses'), 'input');
  return { input, options: asked, callerTools: new Set(settings.tools.map(({ name }) => name)) };
}

/** The conversation that a request continues. */
export interface Continued {
  /** Said before. */
  readonly messages: readonly Message[];
  readonly previousId: string | null;
  /** The conversation that the request names. */
  readonly conversationId: string | null;
  /** The session to add the answer to; null for none yet. Makes a branch if it takes one. */
  target(): Promise<TargetSession | null>;
}

/** Throws if there is no such conversation, or an output in the input belongs to none of its calls. */
export async function continued(
  served: ServerContext,
  owner: string,
  body: Pick<ResponsesBody, 'conversation' | 'previous_response_id'>,
  input: readonly Message[],
): Promise<Continued> {
  const found = await find(served, owner, body);
  refuseStrayOutputs(found.messages, input, 'input');
  return found;
}

async function find(
  served: ServerContext,
  owner: string,
  { conversation, previous_response_id: previousId }: Pick<ResponsesBody, 'conversation' | 'previous_response_id'>,
): Promise<Continued> {
  if (conversation != null && previousId != null) {
    throw new OpenAIRefusal(
      'invalid_value',
      'previous_response_id',
      'Send previous_response_id or conversation, not both.',
    );
  }
  if (conversation != null) {
    const id = typeof conversation === 'string' ? conversation : conversation.id;
    return inConversation(served, await openConversation(served, owner, id, 'conversation'));
  }
  if (previousId == null) {
    return { messages: [], previousId: null, conversationId: null, target: async () => null };
  }
  const previous = await previousResponse(served, owner, previousId);
  return {
    messages: previous.turns.flat(),
    previousId,
    conversationId: null,
    target: () => sessionAfter(served, owner, previous),
  };
}

async function inConversation({ store }: ServerContext, session: AgentSession): Promise<Continued> {
  const { sessionId } = session;
  const { messages } = await store.history.load(session);
  return {
    messages,
    previousId: null,
    conversationId: conversationOf(sessionId),
    target: async () => ({ sessionId, copiedTurns: null }),
  };
}
