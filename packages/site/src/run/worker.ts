// Runs one program in the reader's tab, then reports how it ended. The model is the demo model, in the same worker.

import { failureText } from './failure-text.ts';
import { fakeProcess } from './fake-process.ts';
import { type LoadedProgram, loadProgram } from './load-program.ts';
import type { Said, Start } from './messages.ts';
import { answerOpenAI } from './modules/testkit-demo.ts';

const say = (said: Said): void => postMessage(said);

answerOpenAI();
addEventListener('message', ({ data }: MessageEvent<Start>) => {
  let program: LoadedProgram | null = null;
  const failed = (error: unknown): void => say({ kind: 'failed', message: failureText(error, program) });
  fakeProcess((text) => say({ kind: 'text', text }));
  addEventListener('unhandledrejection', ({ reason }) => failed(reason));
  try {
    program = loadProgram(data);
    import(/* @vite-ignore */ program.url).then(() => say({ kind: 'done' }), failed);
  } catch (error) {
    failed(error);
  }
});
