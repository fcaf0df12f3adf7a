// What goes wrong with an answer, and where, as data. The wire modules turn it into bytes.

/** A position between the chunks of the script, the same on both APIs. `{ chunks: 2 }` is right after the second. */
export interface AfterChunks {
  readonly chunks: number;
}

/** A position between the frames of the stream, end marks included. */
export interface AfterFrames {
  readonly frames: number;
}

/** A position between the bytes of the body. */
export interface AfterBytes {
  readonly bytes: number;
}

/** A point between the frames of an answer. */
export type FramePoint = AfterChunks | AfterFrames;
/** A point in the bytes of an answer. */
export type BytePoint = FramePoint | AfterBytes;

/** The error that the service reports. */
export interface ServiceError {
  readonly code?: string | null;
  readonly message?: string;
  readonly type?: string;
  readonly param?: string | null;
}

/**
 * The form of an error frame. `nested`: `{"error":{...}}`. `flat`: `{"type":"error","code":...,"message":...}`.
 * `named`: only the SSE event name says `error`, the data is the bare code and message.
 */
export type ErrorShape = 'nested' | 'flat' | 'named';

/** Faults of the frames; the body itself ends cleanly. */
export type FrameFault =
  | { readonly kind: 'malformed_frame'; readonly after: FramePoint }
  | { readonly kind: 'duplicate_frame'; readonly after: FramePoint }
  | { readonly kind: 'missing_frame'; readonly after: FramePoint }
  | { readonly kind: 'unknown_event'; readonly after: FramePoint }
  | {
      readonly kind: 'error_frame';
      readonly after: FramePoint;
      readonly error: ServiceError;
      readonly shape?: ErrorShape;
    }
  | { readonly kind: 'response_failed'; readonly after: FramePoint; readonly error: ServiceError }
  | { readonly kind: 'flood'; readonly after: FramePoint; readonly bytes: number; readonly as: 'frames' | 'line' };

/** Faults of the connection, which replace the clean end after the last byte. */
export type ByteFault =
  | { readonly kind: 'reset'; readonly after: BytePoint }
  | { readonly kind: 'truncate'; readonly after: BytePoint }
  | { readonly kind: 'stall'; readonly after: BytePoint }
  | { readonly kind: 'hold_open' };

/** A way in which an answer breaks. */
export type Fault = FrameFault | ByteFault;

/** The connection breaks there. */
export function resetAfter(after: BytePoint): ByteFault {
  return { kind: 'reset', after };
}

/** The body ends there, cleanly, as if it were complete. */
export function truncateAfter(after: BytePoint): ByteFault {
  return { kind: 'truncate', after };
}

/** Sends nothing from there on, until the reader leaves. */
export function stallAfter(after: BytePoint): ByteFault {
  return { kind: 'stall', after };
}

/** Everything is sent, end mark included, but the connection stays open until the reader leaves. */
export function holdOpenAfterEnd(): ByteFault {
  return { kind: 'hold_open' };
}

/** Cuts the next frame in the middle of its JSON. */
export function malformedFrame(after: FramePoint): FrameFault {
  return { kind: 'malformed_frame', after };
}

/** Sends the next frame twice. */
export function duplicateFrame(after: FramePoint): FrameFault {
  return { kind: 'duplicate_frame', after };
}

/** Drops the next frame; on the Responses API its sequence number is missing. */
export function missingFrame(after: FramePoint): FrameFault {
  return { kind: 'missing_frame', after };
}

/** Inserts an undocumented event between two valid ones. */
export function unknownEvent(after: FramePoint): FrameFault {
  return { kind: 'unknown_event', after };
}

/**
 * The service reports an error inside the HTTP 200 stream and ends it. Without streaming: an error object with status 200.
 * The default shape is the API's own: `nested` on Chat Completions, `flat` on Responses.
 */
export function errorFrame(after: FramePoint, error: ServiceError & { readonly shape?: ErrorShape } = {}): FrameFault {
  const { shape, ...said } = error;
  return { kind: 'error_frame', after, error: said, ...(shape === undefined ? {} : { shape }) };
}

/** Responses only: the answer ends with `response.failed` there. Without streaming: a response with status `failed`. */
export function responseFailed(after: FramePoint, error: ServiceError = {}): FrameFault {
  return { kind: 'response_failed', after, error };
}

/**
 * A flood of text: `bytes` more bytes (8 MiB by default), as many frames of 4 KiB (`frames`) or as one line without an
 * end (`line`). The rest of the answer follows.
 */
export function floodAfter(
  after: FramePoint,
  options: { readonly bytes?: number; readonly as?: 'frames' | 'line' } = {},
): FrameFault {
  return { kind: 'flood', after, bytes: options.bytes ?? 8 * 1024 * 1024, as: options.as ?? 'frames' };
}

const byteFaultKinds: Readonly<Record<ByteFault['kind'], true>> = {
  reset: true,
  truncate: true,
  stall: true,
  hold_open: true,
};

export function isByteFault(fault: Fault | undefined): fault is ByteFault {
  return fault !== undefined && Object.hasOwn(byteFaultKinds, fault.kind);
}
