// A service that follows a script: one step per model call, plus the later requests for background responses.
import { background } from '../script/background.ts';
import type { Script } from '../script/script.ts';
import { isBackground } from '../wire/wire.ts';
import { BackgroundResponses } from './background-responses.ts';
import type { Respond } from './exchange.ts';
import { callRefusal } from './refused-calls.ts';
import { refusalOf } from './refused-parameters.ts';

export function respondFrom(script: Script): Respond {
  const jobs = new BackgroundResponses();
  return (request, number) => {
    if (request.responseId !== null) return jobs.answer(request.responseId, request);
    const { previous_response_id: previous, conversation } = request.body;
    const isContinued = typeof previous === 'string' || conversation != null;
    const refusal = refusalOf(request) ?? callRefusal(request, request.messages, { isContinued });
    if (refusal !== null) return refusal;
    const step = script.next(request, number);
    if (!isBackground(request)) return step;
    if (step.kind === 'background') return jobs.start(step, request, number);
    return step.kind === 'reply' ? jobs.start(background(step), request, number) : step;
  };
}
