// References to items of stored responses, which some clients send in place of the items.
import { z } from 'zod';
import type { OpenAIOptions } from '../../../options.ts';
import type { ServerContext } from '../../../turn/context.ts';
import { OpenAIRefusal } from '../refusal.ts';
import { modelName } from '../settings.ts';
import { runResponse } from './background.ts';
import { parseItemId } from './ids.ts';
import { turnResponse } from './read-again.ts';
import { item, type ResponsesBody } from './request.ts';
import { findResponse } from './stored.ts';

type Item = z.infer<typeof item>;

const response = z.looseObject({ output: z.array(item) });

/** The body with the items themselves. Throws `not_found` for an item that is not there, or another owner's. */
export async function withoutReferences(
  body: ResponsesBody,
  served: ServerContext,
  owner: string,
  options: OpenAIOptions,
): Promise<ResponsesBody> {
  const { input } = body;
  if (typeof input === 'string') return body;
  const outputs = new Outputs(served, owner, options);
  const items: Item[] = [];
  for (const each of input) items.push(each.type === 'item_reference' ? await outputs.item(each.id ?? '') : each);
  return { ...body, input: items };
}

/** The outputs of responses, each looked up once. */
class Outputs {
  readonly #served: ServerContext;
  readonly #owner: string;
  readonly #options: OpenAIOptions;
  readonly #known = new Map<string, readonly Item[]>();

  constructor(served: ServerContext, owner: string, options: OpenAIOptions) {
    this.#served = served;
    this.#owner = owner;
    this.#options = options;
  }

  async item(id: string): Promise<Item> {
    const parsed = parseItemId(id);
    const found = parsed === null ? undefined : (await this.#outputOf(parsed.responseId))[parsed.index];
    if (found?.id === id) return found;
    throw new OpenAIRefusal('not_found', 'input', 'A referenced item does not exist. Send the item itself.');
  }

  async #outputOf(responseId: string): Promise<readonly Item[]> {
    const known = this.#known.get(responseId);
    if (known !== undefined) return known;
    const found = response.safeParse(await this.#responseOf(responseId)).data?.output ?? [];
    this.#known.set(responseId, found);
    return found;
  }

  async #responseOf(id: string): Promise<object | null> {
    const found = await findResponse(this.#served, this.#owner, id);
    if (found === null || found.stored === null) return null;
    const { run, stored } = found;
    const head = { id, model: modelName(this.#options, this.#served.agent.name), previousId: null };
    if (run !== null) return runResponse(run, stored.answer, head);
    return turnResponse(this.#served, stored, { ...head, showsOwnCalls: this.#options.tools === 'shown' });
  }
}
