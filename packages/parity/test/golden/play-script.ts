// A trace's script as steps of the testkit: the same bytes, cut and held at the same places.
import {
  at,
  type ByteFault,
  every,
  perFrame,
  type RawReplyStep,
  rawReply,
  resetAfter,
  stallAfter,
} from '@turnstream/testkit';
import { looksAfter } from './golden-deviations.ts';
import type { GoldenTrace, ScriptEntry } from './golden-trace.ts';

export function scriptOf(trace: GoldenTrace): RawReplyStep[] {
  return trace.script.map(stepOf);
}

function stepOf({ status = 200, headers = {}, json, sse, cuts, end, hold }: ScriptEntry): RawReplyStep {
  if (sse === undefined) {
    return rawReply({
      status,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(json),
    });
  }
  const fault = faultOf(sse.length, end, hold);
  return rawReply({
    status,
    headers: { 'content-type': 'text/event-stream', ...headers },
    body: sse.map(frameOf),
    cuts: cuts === undefined ? perFrame : isList(cuts) ? at(cuts) : every(cuts.every),
    ...(fault === undefined ? {} : { fault }),
  });
}

/** The finished run, where this library looks at it after the recorded requests: what the last event holds. */
export function lookAt({ name, script }: GoldenTrace): readonly ScriptEntry[] {
  const completed = script.at(-1)?.sse?.at(-1)?.data as { readonly response: unknown } | undefined;
  return Array.from({ length: looksAfter(name) }, () => ({ json: completed?.response }));
}

export function frameOf({ event, data, raw }: NonNullable<ScriptEntry['sse']>[number]): string {
  if (raw !== undefined) return raw;
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  return `${event === undefined ? '' : `event: ${event}\n`}data: ${text}\n\n`;
}

/** A recorded hold lasts until the reader leaves or some time has passed; here the reader has to leave. */
function faultOf(frames: number, end: ScriptEntry['end'], hold: ScriptEntry['hold']): ByteFault | undefined {
  if (hold !== undefined) return stallAfter({ frames: hold.before_frame });
  return end === 'reset' ? resetAfter({ frames }) : undefined;
}

// `Array.isArray` does not narrow a readonly array out of a union.
function isList(cuts: NonNullable<ScriptEntry['cuts']>): cuts is readonly number[] {
  return Array.isArray(cuts);
}
