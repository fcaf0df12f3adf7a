// Reads bodies as JSON, and says in words what is wrong with a member of one.
import type { FastifyInstance, FastifySchemaValidationError } from 'fastify';

/** Accepts JSON under this type. Many clients send the type with an empty body too, as with a `DELETE`. */
export function addJson(app: FastifyInstance, type: string): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser(type, { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else void parse(request, String(body), done);
  });
}

/** The message of a request that does not fit its schema: `sessionId: Invalid string`. */
export function schemaError(errors: readonly FastifySchemaValidationError[]): Error {
  const problems = errors.map(({ instancePath, message = '' }) =>
    problemAt(instancePath.split('/').filter(Boolean), message),
  );
  return new Error(problems.join('; '));
}

/** A problem of the whole body is the only one reported. */
export function problemAt(path: readonly PropertyKey[], message: string): string {
  return path.length === 0 ? message : `${path.map(String).join('.')}: ${message}`;
}
