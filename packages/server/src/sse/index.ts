// The door of @turnstream/server/sse: an answer as server-sent events on a route of your own, without this package's server.

export { errorEvent } from '../events/error-event.ts';
export { answerEvents } from './answer-events.ts';
export { answerResponse } from './answer-response.ts';
export { DEFAULT_GUARDS, type StreamOptions } from './defaults.ts';
export { sendAnswer } from './send-answer.ts';
