// The check of one exercise: it loads a file (the learner's, or a solution), runs it against scripted models, states what it expects.
import { pathToFileURL } from 'node:url';
import type { Step } from '@turnstream/testkit';
import { Unmet } from './expectations.ts';
import { type CheckModel, type OpenModel, openModel } from './scripted-model.ts';

export interface Tools<Module extends object> {
  /** Imports the file under check. Fails when it does not export one of the names. */
  readonly load: <Name extends keyof Module & string>(...names: readonly Name[]) => Promise<Pick<Module, Name>>;
  /**
   * A model that answers one step per call; closed after the check. When all other expectations hold, it must have been
   * called exactly as often as it has steps.
   */
  readonly model: (...steps: readonly Step[]) => Promise<CheckModel>;
}

export interface Exercise {
  /** Rejects with the expectation that `file` does not meet. */
  run(file: string): Promise<void>;
}

/**
 * Declares the check of an exercise: `export const check = exercise<typeof Problem>(async ({ load, model }) => { ... })`,
 * with `import type * as Problem from './problem.ts'`.
 */
export function exercise<Module extends object>(check: (tools: Tools<Module>) => Promise<void>): Exercise {
  return {
    async run(file) {
      const models: OpenModel[] = [];
      try {
        await check({
          load: (...names) => loadExports(file, names),
          async model(...steps) {
            const opened = await openModel(steps);
            models.push(opened);
            return opened.model;
          },
        });
        for (const opened of models) opened.expectCalls();
      } catch (error) {
        // An extra call fails in the learner's code with an error that says less than the count.
        if (!(error instanceof Unmet)) for (const opened of models) opened.expectCallsAtMost();
        throw error;
      } finally {
        await Promise.all(models.map((opened) => opened.close()));
      }
    },
  };
}

async function loadExports<Module extends object, Name extends keyof Module & string>(
  file: string,
  names: readonly Name[],
): Promise<Pick<Module, Name>> {
  const loaded = (await import(pathToFileURL(file).href)) as Module;
  const missing = names.find((name) => !(name in loaded));
  if (missing !== undefined) throw new Unmet(`expected the file to export \`${missing}\`; it does not`);
  return loaded;
}
