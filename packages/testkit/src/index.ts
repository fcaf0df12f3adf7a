// The door of the kit: a model you can script and break. Needs no test runner.

export {
  type BackgroundOptions,
  type BackgroundStep,
  background,
  type Look,
  type StreamOutcome,
} from './background.ts';
export { type AnswerOptions, answer, type CallArguments, type CallOptions, callTool } from './call-tool.ts';
export { type Clock, TestClock } from './clock.ts';
export { at, type Cuts, every, everyByte, perFrame, seeded, whole } from './cuts.ts';
export { type DemoModel, type DemoModelOptions, startDemoModel } from './demo-model.ts';
export type { DemoPace } from './demo-service.ts';
export {
  type ByteFault,
  type BytePoint,
  duplicateFrame,
  type ErrorShape,
  errorFrame,
  type Fault,
  type FrameFault,
  type FramePoint,
  floodAfter,
  holdOpenAfterEnd,
  malformedFrame,
  missingFrame,
  resetAfter,
  responseFailed,
  type ServiceError,
  stallAfter,
  truncateAfter,
  unknownEvent,
} from './faults.ts';
export { type MockModel, mockModel } from './mock-model.ts';
export type { SentTool, SentToolChoice } from './offered-tools.ts';
export type { RecordedRequest } from './recorded-request.ts';
export {
  type CallPart,
  type DropStep,
  dropConnection,
  type HttpErrorStep,
  httpError,
  type Pace,
  type RawReplyStep,
  type ReplyFinishReason,
  type ReplyOptions,
  type ReplyPart,
  type ReplyStep,
  type ReplyUsage,
  rawReply,
  refuse,
  reply,
  type Step,
  type TextPart,
} from './reply.ts';
export type { Api, SentCall, SentMessage } from './request-body.ts';
export type { ScriptedModel } from './scripted-model.ts';
export type { SentOutput } from './sent-output.ts';
export { type ServedModel, serveModel } from './serve-model.ts';
