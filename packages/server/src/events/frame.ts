// An event as one frame of server-sent events.
import type { InspectionEvent, ServerEvent } from './wire.ts';

export const SSE_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  // Otherwise nginx buffers the stream.
  'x-accel-buffering': 'no',
};

/** A comment that keeps proxies from closing a silent connection. Readers skip it. */
export const KEEP_ALIVE = ': keep-alive\n\n';

/**
 * Ids and names are ours and JSON has no raw line breaks, so a payload is always one line.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */
export function frame(id: string, event: ServerEvent | InspectionEvent): string {
  // Almost all are these, and a copy without the type costs more than the rest of the frame.
  if (event.type === 'update' && !('atMs' in event)) {
    return `id: ${id}\nevent: update\ndata: {"text":${JSON.stringify(event.text)}}\n\n`;
  }
  const { type, ...payload } = event;
  return `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(payload)}\n\n`;
}

/** A frame without an id and a name, for protocols whose payloads say what they are. */
export function dataFrame(payload: object): string {
  return `data: ${JSON.stringify(payload)}\n\n`;
}

/** A frame whose name is the type of its payload, which has it too. */
export function typedFrame(payload: { readonly type: string }): string {
  return `event: ${payload.type}\ndata: ${JSON.stringify(payload)}\n\n`;
}

/** A frame that is named as an error, for protocols whose payloads do not say so. */
export function errorFrame(payload: object): string {
  return `event: error\ndata: ${JSON.stringify(payload)}\n\n`;
}

/** The last frame of several protocols. */
export const DONE_FRAME = 'data: [DONE]\n\n';
