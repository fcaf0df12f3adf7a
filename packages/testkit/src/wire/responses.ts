// How the Responses API writes an answer: named, numbered events around each item, closed by the whole response.

import type { JsonObject } from '../request/body.ts';
import type { TextPart } from '../script/reply.ts';
import { batchesOf, type CallItem, type MessageItem, type OutputItem, takeTurns } from './output-items.ts';
import { contentPart, failedResponse, outputItem, responseObject } from './response-object.ts';
import { type Answer, type Frame, joinedText, type Wire } from './wire.ts';

export const responsesWire: Wire = {
  idPrefix: 'resp_',

  frames(answer) {
    const opened = responseObject(answer, 'in_progress');
    const queued = responseObject(answer, 'queued');
    const response = responseObject(answer, 'done');
    return [
      event('response.created', { response: answer.background ? queued : opened }),
      ...(answer.background ? [event('response.queued', { response: queued })] : []),
      event('response.in_progress', { response: opened }),
      ...itemFrames(answer),
      event(`response.${String(response['status'])}`, { response }),
    ];
  },

  json(answer) {
    return responseObject(answer, 'done');
  },

  textFrame(answer, text) {
    return event('response.output_text.delta', {
      ...placeOf(`msg_${answer.number}`, 0, 0),
      delta: text,
      logprobs: [],
    });
  },

  errorFrame(error, shape = 'flat') {
    const { code = 'server_error', message = 'The model had an internal problem.', param = null, type } = error;
    const said = { code, message, param };
    const data = shape === 'nested' ? { error: { ...(type === undefined ? {} : { type }), ...said } } : said;
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

interface Placed {
  readonly type: OutputItem['type'];
  readonly item: OutputItem;
  readonly outputIndex: number;
}

function itemFrames(answer: Answer): Frame[] {
  const placed = answer.items.map((item, outputIndex): Placed => ({ type: item.type, item, outputIndex }));
  return batchesOf(placed, answer.interleave).flatMap((batch) => [
    ...batch.map(({ item, outputIndex }) =>
      event('response.output_item.added', {
        output_index: outputIndex,
        item: outputItem(answer, item, 'in_progress'),
      }),
    ),
    ...takeTurns(
      batch.map(({ item, outputIndex }) =>
        item.type === 'message' ? messageFrames(item, outputIndex) : argumentDeltas(item, outputIndex),
      ),
    ),
    ...batch.flatMap(({ item, outputIndex }) => closingFrames(answer, item, outputIndex)),
  ]);
}

function messageFrames(item: MessageItem, outputIndex: number): Frame[] {
  return item.parts.flatMap((part, index) => partFrames(part, placeOf(item.id, outputIndex, index)));
}

function partFrames(part: TextPart, at: JsonObject): Frame[] {
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

function argumentDeltas({ id, part }: CallItem, outputIndex: number): Frame[] {
  if (part.argumentsIn !== 'deltas') return [];
  const at = { item_id: id, output_index: outputIndex };
  return part.chunks.map((delta) => event('response.function_call_arguments.delta', { ...at, delta }, true));
}

/** Arguments sent without deltas count as one scripted chunk at the event that carries them. */
function closingFrames(answer: Answer, item: OutputItem, outputIndex: number): Frame[] {
  const done = { output_index: outputIndex, item: outputItem(answer, item, 'done') };
  if (item.type === 'message') return [event('response.output_item.done', done)];
  const { name, argumentsIn } = item.part;
  if (argumentsIn === 'item') return [event('response.output_item.done', done, true)];
  const whole = { item_id: item.id, output_index: outputIndex, name, arguments: joinedText(item.part) };
  return [
    event('response.function_call_arguments.done', whole, argumentsIn === 'done'),
    event('response.output_item.done', done),
  ];
}

function placeOf(itemId: string, outputIndex: number, contentIndex: number): JsonObject {
  return { item_id: itemId, output_index: outputIndex, content_index: contentIndex };
}

function event(type: string, data: JsonObject, isChunk = false): Frame {
  return { event: type, data: { type, ...data }, isChunk };
}
