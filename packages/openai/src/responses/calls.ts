// Tool calls of a Responses answer: fragments find their call by item, and what never came as a fragment is made up for.
import { AgentError, type FunctionCallContent } from '@turnstream/core';
import { asCount, asText, type JsonObject } from '@turnstream/core/seams';
import {
  areEmptyArguments,
  areSameArguments,
  argumentsText,
  newCallId,
  refuseEndlessCalls,
} from '../request/function-call.ts';

interface Call {
  readonly itemId: string | null;
  readonly outputIndex: number | null;
  /** The service's id; null when it gave none. */
  readonly id: string | null;
  /** The id of the call. */
  readonly callId: string;
  name: string;
  /** What has been given out of the arguments; null when nothing has. */
  args: string | null;
  /** The service has said the arguments as a whole. */
  isWhole: boolean;
  /** Its whole item has come. */
  isDone: boolean;
  /** The service sent `{}`. It counts as the arguments only if no others follow. */
  saidEmpty: boolean;
}

/**
 * Each call is given out once: as the fragments of its deltas, then whatever of it the whole says beyond them. A whole
 * that contradicts its fragments is `stream_malformed`, because a tool would run on one of the two.
 */
export class ResponsesCalls {
  readonly #calls: Call[] = [];

  get isEmpty(): boolean {
    return this.#calls.length === 0;
  }

  has(item: JsonObject, outputIndex: unknown): boolean {
    return this.#find(item, asText(item['id']), asCount(outputIndex)) !== undefined;
  }

  /** Takes an item that begins. It is not given out yet: it says nothing that its fragments do not. */
  begin(item: JsonObject, outputIndex: unknown): void {
    if (!this.has(item, outputIndex)) this.#add(item, asCount(outputIndex));
  }

  /** Takes a fragment. One whose item has not begun is ignored: the whole call follows. */
  takeDelta(frame: JsonObject): FunctionCallContent | null {
    const call = this.#find({}, asText(frame['item_id']), asCount(frame['output_index']));
    const fragment = asText(frame['delta']);
    if (call === undefined || fragment === null || (call.isWhole && !isStillEmpty(call))) return null;
    call.isWhole = false;
    if (areEmptyArguments(fragment) && !call.args) return takeEmpty(call);
    if (isStillEmpty(call) && fragment.trim() === '') return null;
    call.args = (call.args ?? '') + fragment;
    return contentOf(call, fragment);
  }

  /** Takes the whole arguments of an item that has begun. */
  takeArguments(frame: JsonObject): FunctionCallContent | null {
    const call = this.#find({}, asText(frame['item_id']), asCount(frame['output_index']));
    return call === undefined ? null : complete(call, frame);
  }

  /** Takes a whole item. `isFinal`: it is from the end of the answer, so it may repeat one. */
  takeItem(item: JsonObject, outputIndex: unknown, isFinal: boolean): FunctionCallContent | null {
    const place = asCount(outputIndex);
    const known = this.#find(item, asText(item['id']), place) ?? this.#findRenamed(item, place, isFinal);
    const call = known ?? this.#add(item, place);
    call.isDone = true;
    return complete(call, item);
  }

  /**
   * What remains at the end of the answer: calls without arguments, and calls with only `{}`. In a lossy stream the lost
   * parts may have been the arguments.
   */
  takeEnd(isLossy: boolean): FunctionCallContent[] {
    if (isLossy && this.#calls.some((call) => !call.isWhole)) throw contradiction();
    return this.#calls
      .filter((call) => call.args === null || isStillEmpty(call))
      .map((call) => {
        call.args = call.saidEmpty ? '{}' : '';
        return contentOf(call, call.args);
      });
  }

  /** By the call's id, else by that of its item, else, for services that make up a new one for each event, by its place. */
  #find(item: JsonObject, itemId: string | null, outputIndex: number | null): Call | undefined {
    const id = asText(item['call_id']);
    const isIn = (call: Call): boolean => outputIndex === null || (call.outputIndex ?? outputIndex) === outputIndex;
    const found =
      (id === null ? undefined : this.#calls.find((call) => call.id === id)) ??
      (itemId === null ? undefined : this.#calls.find((call) => call.itemId === itemId && isIn(call))) ??
      (outputIndex === null ? undefined : this.#calls.find((call) => call.outputIndex === outputIndex));
    // Two calls may claim one place; their ids tell them apart.
    return id !== null && found?.id != null && found.id !== id ? undefined : found;
  }

  /**
   * Some services give a call a new id in its whole item, and another in the end. The same call at the same place must not
   * run twice, but a second whole item is another call: some services leave the place at 0.
   */
  #findRenamed(item: JsonObject, outputIndex: number | null, isFinal: boolean): Call | undefined {
    if (outputIndex === null) return undefined;
    const args = argumentsText(item['arguments']);
    return this.#calls.find(
      (call) =>
        call.outputIndex === outputIndex &&
        (isFinal || !call.isDone) &&
        call.name === asText(item['name']) &&
        (call.args === null || areSameArguments(args, isStillEmpty(call) ? '{}' : call.args)),
    );
  }

  #add(item: JsonObject, outputIndex: number | null): Call {
    refuseEndlessCalls(this.#calls.length);
    const id = asText(item['call_id']);
    const call = {
      itemId: asText(item['id']),
      outputIndex,
      id,
      callId: id ?? newCallId(),
      name: asText(item['name']) ?? '',
      args: null,
      isWhole: false,
      isDone: false,
      saidEmpty: false,
    };
    this.#calls.push(call);
    return call;
  }
}

/** What the whole says beyond what has been given out; null when that is nothing. */
function complete(call: Call, whole: JsonObject): FunctionCallContent | null {
  const name = call.name === '' ? asText(whole['name']) : null;
  call.name ||= name ?? '';
  const args = argumentsText(whole['arguments']);
  const given = call.args ?? '';
  const isKnown = call.isWhole && !isStillEmpty(call);
  if (args === '' || isKnown) return name === null || call.args === null ? null : contentOf(call, '');
  call.isWhole = true;
  if (areEmptyArguments(args) && given === '') return takeEmpty(call);
  if (!args.startsWith(given) && !areSameArguments(args, given)) throw contradiction();
  const rest = args.startsWith(given) ? args.slice(given.length) : '';
  call.args = given + rest;
  return rest === '' && name === null ? null : contentOf(call, rest);
}

/** Records `{}`, which is yielded only if nothing follows it. The call itself is yielded at once, for later fragments. */
function takeEmpty(call: Call): FunctionCallContent | null {
  const isNew = call.args === null;
  call.saidEmpty = true;
  call.args = '';
  return isNew ? contentOf(call, '') : null;
}

function isStillEmpty({ saidEmpty, args }: Call): boolean {
  return saidEmpty && args === '';
}

function contentOf({ callId, name }: Call, fragment: string): FunctionCallContent {
  return { type: 'function_call', callId, name, arguments: fragment };
}

function contradiction(): AgentError {
  return new AgentError('stream_malformed', 'Parts of a tool call were lost or duplicated in transit. Ask again.');
}
