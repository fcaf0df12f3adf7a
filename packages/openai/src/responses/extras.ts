// What a Responses answer holds besides words and calls, each given out once: the service's own items, and citations.
import { asText, type JsonObject } from '@turnstream/core/seams';
import { annotationOf, contentsOfItem, type OutputContent } from './contents.ts';

export class ResponseExtras {
  readonly #items = new Set<string>();
  /** Messages whose citations were given out. */
  readonly #cited = new Set<string | null>();

  /** An item such as a web search; nothing when the stream had it already. `isFinal`: it is from the end of the answer. */
  takeItem(item: JsonObject, place: number | null, isFinal: boolean): readonly OutputContent[] {
    const { id, ...rest } = item;
    const itemId = asText(id);
    const content = JSON.stringify(rest);
    // Some services give the item a new id in the end. Before that, an equal item is another one: some leave the place at 0.
    const atEnd = itemId === null ? content : `${place} ${content}`;
    const isKnown = (itemId !== null && this.#items.has(itemId)) || (isFinal && this.#items.has(atEnd));
    if (isKnown) return [];
    if (itemId !== null) this.#items.add(itemId);
    // The items of the end are all there are, so equal ones among them are different.
    if (!isFinal) this.#items.add(atEnd);
    return contentsOfItem(item);
  }

  takeAnnotation(frame: JsonObject): OutputContent {
    const messageId = asText(frame['item_id']);
    this.#cited.add(messageId);
    const annotations = [annotationOf(frame['annotation'])];
    return { content: { type: 'text', text: '', annotations }, messageId, phase: null };
  }

  /** Takes note of the citations among contents that are given out with their text. */
  noted(outputs: readonly OutputContent[]): readonly OutputContent[] {
    for (const { content, messageId } of outputs) {
      if (content.type === 'text' && content.annotations !== undefined) this.#cited.add(messageId);
    }
    return outputs;
  }

  /** Citations that only the whole answer has, without the text that came as deltas. */
  missingCitations(said: readonly OutputContent[]): readonly OutputContent[] {
    const ids = new Set(said.map(({ messageId }) => messageId));
    // A service that gives its messages new ids in the end repeats there what it cited under the old ones.
    if ([...this.#cited].some((id) => !ids.has(id))) return [];
    return said.flatMap((output) => {
      const { content, messageId } = output;
      if (content.type !== 'text' || content.annotations === undefined || this.#cited.has(messageId)) return [];
      return [{ ...output, content: { ...content, text: '' } }];
    });
  }
}
