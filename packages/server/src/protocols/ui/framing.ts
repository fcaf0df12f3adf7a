// How the chunks of the UI message stream go over the wire.
import { DONE_FRAME, dataFrame } from '../../events/frame.ts';

export const framing = {
  headers: { 'x-vercel-ai-ui-message-stream': 'v1' },
  frame: dataFrame,
  last: DONE_FRAME,
} as const;
