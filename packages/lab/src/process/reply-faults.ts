// Faults between the server and its reader: a broken connection, and a buffering proxy.
import type { ServerResponse } from 'node:http';
import type { Fault } from '../model/faults.ts';

const CUT_AFTER_FRAMES = 9;

/** Applies the fault to the response, if it is one of those. */
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

/** Like a proxy that collects the body before passing it on. To the server every write succeeds. */
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
