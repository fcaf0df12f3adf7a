// Refuses parameters that one of the two APIs does not have, as the real service does.
import type { RecordedRequest } from '../request/recorded.ts';
import { type HttpErrorStep, httpError } from '../script/reply.ts';

/** The service's error; null when there is nothing to refuse. */
export function refusalOf(request: RecordedRequest): HttpErrorStep | null {
  if (request.api === 'responses' || request.body['background'] === undefined) return null;
  return httpError(400, {
    type: 'invalid_request_error',
    code: 'unknown_parameter',
    param: 'background',
    message: "Unknown parameter: 'background'.",
  });
}
