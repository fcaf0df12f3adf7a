// One answer, sent in six ways by a scripted model: what the reader gets, and what the model saw.
import { AgentError } from '@turnstream/core';
import {
  everyByte,
  malformedFrame,
  type ReplyOptions,
  reply,
  resetAfter,
  serveModel,
  stallAfter,
  truncateAfter,
} from '@turnstream/testkit';
import { openGoodChat } from './planted-bugs.ts';

const pieces = ['Python ', 'is a ', 'language.'];

export const ways: Readonly<Record<string, ReplyOptions>> = {
  'as it should be': {},
  'every byte by itself': { cuts: everyByte },
  'ends too early': { fault: truncateAfter({ chunks: 2 }) },
  'connection breaks': { fault: resetAfter({ chunks: 2 }) },
  'half a frame': { fault: malformedFrame({ chunks: 2 }) },
  'falls silent, and the reader leaves': { fault: stallAfter({ chunks: 2 }) },
};

/** Reads the answer sent in this way, and leaves after two pieces when the model falls silent. */
export async function tell(options: ReplyOptions): Promise<{ readonly read: string; readonly end: string }> {
  await using model = await serveModel(reply(pieces, options));
  let read = '';
  let end = 'whole';
  try {
    for await (const { text } of openGoodChat(model.baseURL).ask('ada', 'What is Python?')) {
      read += text;
      if (options.fault?.kind === 'stall' && read.endsWith('a ')) break;
    }
  } catch (error) {
    if (!(error instanceof AgentError)) throw error;
    end = error.code;
  }
  const [request] = model.requests;
  await request?.closed;
  // When the fault breaks the connection, the model itself closes it.
  if (options.fault?.kind === 'stall' && request?.closedEarly === true) end = 'left; the model saw it';
  return { read, end };
}
