// A scripted model behind a real socket on 127.0.0.1: for clients in other processes, resets and backpressure.

import { refuseProblems, Script } from '../script/script.ts';
import type { Step } from '../script/step.ts';
import { Exchanges } from './exchange.ts';
import { openHttpDoor } from './http-door.ts';
import { respondFrom } from './script-responder.ts';
import type { ScriptedModel } from './scripted.ts';
import { explainSuppressedErrors } from './suppressed-error.ts';

/** A running `serveModel()`. */
export interface ServedModel extends ScriptedModel, AsyncDisposable {}

/**
 * Serves the same scripts as `mockModel()` over HTTP on a free port of 127.0.0.1.
 * Write `await using model = await serveModel(...)`: leaving the scope closes it and throws as `expectDone()` does.
 */
export async function serveModel(...steps: readonly Step[]): Promise<ServedModel> {
  explainSuppressedErrors();
  const script = new Script(steps);
  const exchanges = new Exchanges(respondFrom(script));
  const door = await openHttpDoor(exchanges);
  const expectDone = (): void => refuseProblems([...exchanges.problems, ...script.unused()]);
  return {
    origin: door.origin,
    baseURL: `${door.origin}/v1`,
    requests: exchanges.requests,
    add: (...more) => script.add(...more),
    expectDone,
    async [Symbol.asyncDispose]() {
      await door.close();
      expectDone();
    },
  };
}
