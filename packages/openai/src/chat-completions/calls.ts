// Tool calls of a chat completion: fragments of one call find each other, however the service marks them.
import type { FunctionCallContent } from '@turnstream/core';
import { asCount, asObject, asText, type JsonObject } from '@turnstream/core/seams';
import {
  areEmptyArguments,
  areSameArguments,
  areWholeArguments,
  argumentsText,
  MAX_CALLS,
  newCallId,
  refuseEndlessCalls,
} from '../request/function-call.ts';
import { CHAT_COMPLETIONS } from './contents.ts';

interface Call {
  /** Its place, as the service counts; null when it does not. */
  readonly index: number | null;
  /** The service's id; null when it gave none at first. */
  readonly id: string | null;
  /** The id of the call: the service's, unless that is missing or already used. */
  readonly callId: string;
  name: string;
  args: string;
  /** The service sent `{}`. It counts as the arguments only if no others follow. */
  saidEmpty: boolean;
  /** What the service expects back with the call, such as Gemini's signature of the thought that led to it. */
  extra: JsonObject | null;
}

interface Fragment {
  readonly index: number | null;
  readonly id: string | null;
  readonly name: string | null;
  readonly args: string;
  /** The fragment is `{}`, which some servers send as a placeholder before the real arguments. */
  readonly isEmpty: boolean;
  readonly extra: JsonObject | null;
}

/**
 * Joins by index, and by id where a service counts every call as the first (Ollama) or not at all. An id names one call,
 * also at another index (LocalAI). An index out of range counts as missing. What is given out always names its call; only a name that has not come yet is ''.
 */
export class ChatCalls {
  readonly #calls: Call[] = [];

  /** Takes the `tool_calls` of a delta. */
  take(entries: readonly unknown[]): FunctionCallContent[] {
    const contents: FunctionCallContent[] = [];
    for (const entry of entries) {
      const fragment = readFragment(entry);
      const content = fragment === null ? null : this.#join(fragment);
      if (content !== null) contents.push(content);
    }
    return contents;
  }

  /** Takes the `tool_calls` of a whole message: each is a call of its own. */
  takeWhole(entries: readonly unknown[]): FunctionCallContent[] {
    return entries
      .map(readFragment)
      .filter((fragment) => fragment !== null)
      .map((fragment) => contentOf(this.#begin(fragment), fragment.isEmpty ? '{}' : fragment.args));
  }

  /** The `{}` of calls that have no other arguments; each is given out once. */
  takeEmpty(): FunctionCallContent[] {
    const empty = this.#calls.filter((call) => call.saidEmpty && call.args === '');
    return empty.map((call) => {
      call.args = '{}';
      return contentOf(call, '{}');
    });
  }

  get isEmpty(): boolean {
    return this.#calls.length === 0;
  }

  /** Whether a call is still without the end of its arguments. */
  get isInMidCall(): boolean {
    return !this.#calls.every((call) => isWhole(call));
  }

  #join(fragment: Fragment): FunctionCallContent | null {
    const { name, isEmpty } = fragment;
    const last = this.#lastAt(fragment.index);
    const call = this.#find(fragment, last);
    if (call === undefined) {
      const begun = this.#begin(fragment);
      // A new call, or the name repeated after the end of a call: its arguments will tell.
      const isUnsure = fragment.id === null && begun.args === '' && name === last?.name;
      return isUnsure ? null : contentOf(begun, begun.args);
    }
    // Once the arguments have begun, `{}` is part of their text, not a placeholder.
    const args = isEmpty && (call.args === '' || isWhole(call)) ? '' : fragment.args;
    call.saidEmpty ||= isEmpty;
    // Some services send a call once more when it is whole.
    const isRepeat = areSameArguments(args, call.args);
    const isNews = (args !== '' && !isRepeat) || (name !== null && call.name === '');
    const isSigned = fragment.extra !== null && call.extra === null;
    if (!isNews && !isSigned) return null;
    call.extra ??= fragment.extra;
    call.name ||= name ?? '';
    if (!isRepeat) call.args += args;
    return contentOf(call, isRepeat ? '' : args);
  }

  #lastAt(index: number | null): Call | undefined {
    return this.#calls.findLast((call) => index === null || call.index === index);
  }

  #find(fragment: Fragment, last: Call | undefined): Call | undefined {
    const { index, id } = fragment;
    const named = id === null ? undefined : this.#calls.findLast((call) => call.id === id);
    if (named !== undefined && (index === null || named.index === index || !contradicts(fragment, named))) return named;
    if (last === undefined || (id !== null && last.id !== null)) return undefined;
    return isAnother(fragment, last) ? undefined : last;
  }

  #begin({ index, id, name, args, isEmpty, extra }: Fragment): Call {
    refuseEndlessCalls(this.#calls.length);
    const isFree = id !== null && this.#calls.every((call) => call.callId !== id);
    const call = {
      index,
      id,
      callId: isFree ? id : newCallId(),
      name: name ?? '',
      args: isEmpty ? '' : args,
      saidEmpty: isEmpty,
      extra,
    };
    this.#calls.push(call);
    return call;
  }
}

function readFragment(value: unknown): Fragment | null {
  const entry = asObject(value);
  if (entry === null) return null;
  const called = asObject(entry['function']);
  const index = asCount(entry['index']);
  const args = argumentsText(called?.['arguments']);
  return {
    index: index === null || index >= MAX_CALLS ? null : index,
    id: asText(entry['id']),
    name: asText(called?.['name']),
    args,
    isEmpty: areEmptyArguments(args),
    extra: asObject(entry['extra_content']),
  };
}

/** Without ids a call begins with a new name, or with the same one when the call before it is whole. */
function isAnother({ name }: Fragment, call: Call): boolean {
  if (name === null || call.name === '') return false;
  return name !== call.name || isWhole(call);
}

/** A service may have used one id for two calls: another name, or other arguments where these are whole, is another call. */
function contradicts({ name, args, isEmpty }: Fragment, call: Call): boolean {
  if (name !== null && call.name !== '' && name !== call.name) return true;
  return areWholeArguments(call.args) && args !== '' && !isEmpty && !areSameArguments(args, call.args);
}

function isWhole({ args, saidEmpty }: Call): boolean {
  return args === '' ? saidEmpty : areWholeArguments(args);
}

function contentOf({ callId, name, extra }: Call, fragment: string): FunctionCallContent {
  const content = { type: 'function_call', callId, name, arguments: fragment } as const;
  return extra === null ? content : { ...content, opaque: { [CHAT_COMPLETIONS]: { extra_content: extra } } };
}
