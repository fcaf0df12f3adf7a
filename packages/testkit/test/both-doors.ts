// Runs a test against both forms of a scripted model: mocked and served.
import { mockModel, type ScriptedModel, type Step, serveModel } from '../src/index.ts';

export type OpenDoor = (...steps: Step[]) => Promise<ScriptedModel & AsyncDisposable>;

export const doors: [door: string, open: OpenDoor][] = [
  [
    'mockModel',
    (...steps) => {
      const model = mockModel(...steps);
      return Promise.resolve(Object.assign(model, { [Symbol.asyncDispose]: async () => model[Symbol.dispose]() }));
    },
  ],
  ['serveModel', serveModel],
];
