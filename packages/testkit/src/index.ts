// Entry point: a model you can script and break. Needs no test runner.

export { type DemoModel, type DemoModelOptions, startDemoModel } from './demo/index.ts';
export type { ChangeAnswer, DemoPace } from './demo/service.ts';
export { type MockModel, mockModel } from './model/mock.ts';
export type { ScriptedModel } from './model/scripted.ts';
export { type ServedModel, serveModel } from './model/serve.ts';
export type { Api, SentCall, SentMessage } from './request/body.ts';
export type { SentTool, SentToolChoice } from './request/offered-tools.ts';
export type { RecordedRequest } from './request/recorded.ts';
export type { SentImage } from './request/sent-images.ts';
export type { SentOutput } from './request/sent-output.ts';
export {
  type BackgroundOptions,
  type BackgroundStep,
  background,
  type Look,
  type StreamOutcome,
} from './script/background.ts';
export { type AnswerOptions, answer, type CallArguments, type CallOptions, callTool } from './script/call-tool.ts';
export { type Clock, TestClock } from './script/clock.ts';
export { at, type Cuts, every, everyByte, perFrame, seeded, whole } from './script/cuts.ts';
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
} from './script/faults.ts';
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
  type TextPart,
} from './script/reply.ts';
export type { Step } from './script/step.ts';
