// A response that came in one piece, as updates: its contents in order, then how it ended.
import { asText, type CallContext, type ChatUpdate, type JsonObject, withHeaders } from '@turnstream/core/seams';
import { contentUpdate, metadataUpdate } from '../call/updates.ts';
import { readUsage } from '../service/usage.ts';
import { ResponsesCalls } from './calls.ts';
import { contentsOfItem } from './contents.ts';
import { conversationIdOf, finishReasonOf, metadataOf, outputItems } from './response-object.ts';

/** What has been said and called. */
export function contentUpdates(response: JsonObject): ChatUpdate[] {
  const responseId = asText(response['id']);
  const calls = new ResponsesCalls();
  const updates: ChatUpdate[] = [];
  for (const [place, item] of outputItems(response).entries()) {
    for (const { content, messageId, phase } of contentsOfItem(item)) {
      updates.push(contentUpdate(content, messageId, responseId, phase));
    }
    if (item['type'] !== 'function_call') continue;
    const call = calls.takeItem(item, place, true);
    for (const part of call === null ? calls.takeEnd(false) : [call]) {
      updates.push(contentUpdate(part, null, responseId));
    }
  }
  for (const part of calls.takeEnd(false)) updates.push(contentUpdate(part, null, responseId));
  return updates;
}

interface Ending {
  readonly responseId: string | null;
  readonly hasCalls: boolean;
  readonly atService: boolean;
  readonly context: CallContext;
}

/** That it ended with an answer. `atService`: the id under which the conversation goes on is part of that. */
export function closingUpdate(
  response: JsonObject,
  status: string,
  { responseId, hasCalls, atService, context }: Ending,
): ChatUpdate {
  return metadataUpdate(
    responseId,
    finishReasonOf(response, status, hasCalls),
    readUsage(response['usage'], 'input', 'output'),
    atService ? (conversationIdOf(response) ?? responseId) : null,
    withHeaders(metadataOf(response), context),
  );
}
