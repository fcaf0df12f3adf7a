// Messages as items, and items in pages.
import { contentsOf, type Message } from '@turnstream/core';
import { COMMENTARY } from '@turnstream/core/seams';
import { z } from 'zod';
import { OpenAIRefusal } from '../refusal.ts';

export const listQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  order: z.enum(['asc', 'desc']).default('desc'),
  after: z.string().max(300).optional(),
});

type Item = { readonly type: string } & Readonly<Record<string, unknown>>;
type NamedItem = Item & { readonly id: string };

export function itemsIn(messages: readonly Message[]): readonly Item[] {
  return messages.flatMap(itemsOf);
}

/** A page of items that are given oldest first. `name` makes the id of each from its place. */
export function itemPage(
  given: readonly Item[],
  name: (index: number) => string,
  { limit, order, after }: z.infer<typeof listQuery>,
): object {
  const items = given.map((item, index): NamedItem => ({ ...item, id: name(index) }));
  const rest = itemsAfter(order === 'asc' ? items : items.toReversed(), after);
  const data = rest.slice(0, limit);
  return {
    object: 'list',
    data,
    first_id: data.at(0)?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: rest.length > limit,
  };
}

function itemsAfter(items: readonly NamedItem[], after: string | undefined): readonly NamedItem[] {
  if (after === undefined) return items;
  const index = items.findIndex(({ id }) => id === after);
  if (index === -1) throw new OpenAIRefusal('invalid_value', 'after', 'There is no item with this id.');
  return items.slice(index + 1);
}

function itemsOf(message: Message): readonly Item[] {
  return contentsOf(message).flatMap((content): readonly Item[] => {
    // In a response, commentary is reasoning.
    if (content.type === 'text' && message.phase === COMMENTARY) return [];
    // Only marks an answer that ended before its first word.
    if (content.type === 'text' && content.text === '' && message.status !== undefined) return [];
    if (content.type === 'text' || content.type === 'refusal') return [said(message, content)];
    if (content.type === 'function_call') {
      const { type, callId, name, arguments: args } = content;
      return [{ type, status: 'completed', call_id: callId, name, arguments: args }];
    }
    // Clients of this API send no other contents, and get no others but reasoning.
    if (content.type !== 'function_result') return [];
    return [{ type: 'function_call_output', status: 'completed', call_id: content.callId, output: content.result }];
  });
}

function said(
  { role, status }: Message,
  { type, text }: { readonly type: 'refusal' | 'text'; readonly text: string },
): Item {
  const answered = type === 'refusal' ? { type, refusal: text } : { type: 'output_text', text, annotations: [] };
  const content = role === 'assistant' ? answered : { type: 'input_text', text };
  return { type: 'message', status: status === undefined ? 'completed' : 'incomplete', role, content: [content] };
}
