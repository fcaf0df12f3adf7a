// How the Responses API writes an answer: named, numbered events around one message item, closed by the whole response.

import type { ReplyPart } from './reply.ts';
import type { JsonObject } from './request-body.ts';
import { contentPart, failedResponse, messageItem, responseObject } from './response-object.ts';
import { type Answer, type Frame, joinedText, type Wire } from './wire.ts';

export const responsesWire: Wire = {
  idPrefix: 'resp_',

  frames(answer) {
    const opened = responseObject(answer, 'in_progress');
    const item = messageItem(answer, 'in_progress');
    const done = messageItem(answer, 'done');
    const response = responseObject(answer, 'done');
    return [
      event('response.created', { response: opened }),
      event('response.in_progress', { response: opened }),
      event('response.output_item.added', { output_index: 0, item }),
      ...answer.parts.flatMap((part, index) => partFrames(answer, part, index)),
      event('response.output_item.done', { output_index: 0, item: done }),
      event(`response.${String(response['status'])}`, { response }),
    ];
  },

  json(answer) {
    return responseObject(answer, 'done');
  },

  textFrame(answer, text) {
    return event('response.output_text.delta', { ...placeOf(answer, 0), delta: text, logprobs: [] });
  },

  errorFrame(error, shape = 'flat') {
    const { code = 'server_error', message = 'The model had an internal problem.' } = error;
    const data = shape === 'nested' ? { error: { code, message, param: null } } : { code, message, param: null };
    if (shape === 'named') return { event: 'error', data, isChunk: false };
    return event('error', data);
  },

  unknownFrame() {
    return event('response.surprise', { note: 'not documented' });
  },

  failed(answer, error) {
    const json = failedResponse(answer, error);
    return { frame: event('response.failed', { response: json }), json };
  },

  number(frames) {
    return frames.map((frame, sequence) => {
      if (typeof frame.data === 'string' || frame.data['type'] === undefined) return frame;
      const { type, ...rest } = frame.data;
      return { ...frame, data: { type, sequence_number: sequence, ...rest } };
    });
  },
};

function partFrames(answer: Answer, part: ReplyPart, index: number): Frame[] {
  const at = placeOf(answer, index);
  const text = joinedText(part);
  const deltas = part.chunks.map((chunk) =>
    part.type === 'text'
      ? event('response.output_text.delta', { ...at, delta: chunk, logprobs: [] }, true)
      : event('response.refusal.delta', { ...at, delta: chunk }, true),
  );
  const done =
    part.type === 'text'
      ? event('response.output_text.done', { ...at, text, logprobs: [] })
      : event('response.refusal.done', { ...at, refusal: text });
  return [
    event('response.content_part.added', { ...at, part: contentPart(part.type, '') }),
    ...deltas,
    done,
    event('response.content_part.done', { ...at, part: contentPart(part.type, text) }),
  ];
}

function placeOf(answer: Answer, contentIndex: number): JsonObject {
  return { item_id: `msg_${answer.number}`, output_index: 0, content_index: contentIndex };
}

function event(type: string, data: JsonObject, isChunk = false): Frame {
  return { event: type, data: { type, ...data }, isChunk };
}
