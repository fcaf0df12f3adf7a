// The background responses of a service: started by POST, then polled, streamed and cancelled by id.

import type { JsonObject } from '../request/body.ts';
import type { RecordedRequest } from '../request/recorded.ts';
import type { BackgroundStep } from '../script/background.ts';
import { whole } from '../script/cuts.ts';
import { type HttpErrorStep, httpError } from '../script/reply.ts';
import { encodeText, endings, planBody } from '../wire/body-plan.ts';
import { type BytePlan, jsonHeaders, planError, streamHeaders } from '../wire/byte-plan.ts';
import { liveWrites } from '../wire/live-writes.ts';
import { responsesWire } from '../wire/responses.ts';
import { isStreamed, makeAnswer } from '../wire/wire.ts';
import { BackgroundJob } from './background-job.ts';

/** Enough for a long demo; the oldest are evicted first. */
const maxJobs = 1000;

export class BackgroundResponses {
  readonly #jobs = new Map<string, BackgroundJob>();

  /** Answers the POST that starts it. */
  start(step: BackgroundStep, request: RecordedRequest, number: number): BytePlan {
    const answer = makeAnswer(step.reply, request, number, responsesWire.idPrefix);
    const job = new BackgroundJob(step, answer);
    this.#jobs.set(answer.id, job);
    const oldest = this.#jobs.keys().next().value;
    if (this.#jobs.size > maxJobs && oldest !== undefined) this.#jobs.delete(oldest);
    const headers = { 'x-request-id': `req_${number}`, ...step.openHeaders };
    return isStreamed(request) ? streamPlan(job, -1, headers) : jsonPlan(job.json('queued'), headers);
  }

  /** Whether it is open or answered; neither when it was cancelled or evicted. */
  outcomeOf(id: string): 'open' | 'answered' | 'unanswered' {
    return this.#jobs.get(id)?.outcome ?? 'unanswered';
  }

  /** Answers a poll, a stream or a cancel. */
  answer(id: string, request: RecordedRequest): BytePlan {
    const job = this.#jobs.get(id);
    if (job === undefined) return planError(notFound(id));
    const query = new URL(request.path, 'http://model.test').searchParams;
    if (request.method === 'POST') return cancelPlan(job, id);
    if (query.get('stream') !== 'true') return lookPlan(job, id);
    if (job.state === 'expired') return planError(notFound(id));
    return job.wasStreamed ? streamPlan(job, Number(query.get('starting_after') ?? -1), {}) : planError(notStreamed);
  }
}

function lookPlan(job: BackgroundJob, id: string): BytePlan {
  const found = job.look();
  if (typeof found === 'object') return planError(found);
  if (found === 'expired') return planError(notFound(id));
  return jsonPlan(job.json(found), found === 'done' ? {} : job.openHeaders);
}

function cancelPlan(job: BackgroundJob, id: string): BytePlan {
  const { state } = job;
  if (state === 'expired') return planError(notFound(id));
  if (state !== 'done') job.cancel();
  const json = job.json('done');
  return json['status'] === 'cancelled' ? jsonPlan(json, {}) : planError(tooLate(String(json['status'])));
}

function streamPlan(job: BackgroundJob, after: number, headers: Readonly<Record<string, string>>): BytePlan {
  const outcome = job.nextStream();
  if (outcome !== 'whole' && outcome.kind === 'http_error') return planError(outcome);
  const fault = outcome === 'whole' ? undefined : outcome;
  return {
    status: 200,
    headers: { ...streamHeaders, ...headers },
    delayMs: 0,
    writes: liveWrites(job.eventsAfter(after), fault),
    ending: fault === undefined ? 'end' : endings[fault.kind],
  };
}

function jsonPlan(json: JsonObject, headers: Readonly<Record<string, string>>): BytePlan {
  const body = planBody([{ bytes: encodeText(JSON.stringify(json)), isChunk: false }], { cuts: whole });
  return { status: 200, headers: { ...jsonHeaders, ...headers }, delayMs: 0, ...body };
}

const type = 'invalid_request_error';

function notFound(id: string): HttpErrorStep {
  return httpError(404, { type, param: 'id', message: `Response with id '${id}' not found.` });
}

/** Only a response started with `stream: true` can be streamed, then or later. */
const notStreamed: HttpErrorStep = httpError(400, {
  type,
  code: type,
  param: 'stream',
  message: 'This response cannot be streamed because it was not created with stream=true.',
});

function tooLate(status: string): HttpErrorStep {
  const what = status === 'incomplete' ? 'a response in terminal state' : `a ${status} response`;
  return httpError(400, { type, code: type, param: 'response_id', message: `Cannot cancel ${what}.` });
}
