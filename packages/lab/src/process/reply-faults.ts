// What goes wrong between the server and its reader: a connection that is cut, and a proxy that buffers.
import type { ServerResponse } from 'node:http';
import type { Fault } from '../model/faults.ts';

const CUT_AFTER_FRAMES = 9;

/** Breaks the response from here on, when the fault is one of those. */
export function breakReply(response: ServerResponse, fault: Fault): void {
  if (fault === 'cut') cutAfterFrames(response);
  else if (fault === 'buffer') holdBack(response);
}

function cutAfterFrames(response: ServerResponse): void {
  const write = response.write.bind(response) as (chunk: unknown, ...rest: unknown[]) => boolean;
  let frames = 0;
  response.write = (chunk: unknown, ...rest: unknown[]): boolean => {
    frames += 1;
    if (frames > CUT_AFTER_FRAMES) response.destroy();
    return write(chunk, ...rest);
  };
}

/** As a proxy that collects the body before it passes it on. The server is told that all went out. */
function holdBack(response: ServerResponse): void {
  const end = response.end.bind(response) as (chunk?: unknown) => ServerResponse;
  const held: Buffer[] = [];
  const hold = (chunk: unknown): void => {
    if (typeof chunk === 'string' || chunk instanceof Uint8Array) held.push(Buffer.from(chunk));
  };
  response.write = (chunk: unknown): boolean => {
    hold(chunk);
    return true;
  };
  response.end = (chunk?: unknown): ServerResponse => {
    hold(chunk);
    return end(Buffer.concat(held));
  };
}
