// The body of an answer without its content encoding.
import type { IncomingMessage } from 'node:http';
import { pipeline, type Readable, type Transform } from 'node:stream';
import zlib from 'node:zlib';

/** What requests say they take. */
export const ACCEPT_ENCODING = 'gzip, br, zstd';

/** Frames are passed on as they come, not when a block of the encoding is full; what a cut leaves is passed on too. */
const { Z_SYNC_FLUSH, BROTLI_OPERATION_FLUSH, ZSTD_e_flush } = zlib.constants;
const ZLIB = { flush: Z_SYNC_FLUSH, finishFlush: Z_SYNC_FLUSH };

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: () => zlib.createGunzip(ZLIB),
  'x-gzip': () => zlib.createGunzip(ZLIB),
  deflate: () => zlib.createInflate(ZLIB),
  br: () => zlib.createBrotliDecompress({ flush: BROTLI_OPERATION_FLUSH, finishFlush: BROTLI_OPERATION_FLUSH }),
  zstd: () => zlib.createZstdDecompress({ flush: ZSTD_e_flush, finishFlush: ZSTD_e_flush }),
};

/** Unchanged when it is not encoded, or in an unknown encoding. */
export function decoded(message: IncomingMessage, encodings: string | null): Readable {
  if (encodings === null) return message;
  const names = encodings.split(',').map((name) => name.trim().toLowerCase());
  const decoders = names.map((name) => DECODERS[name]).filter((decoder) => decoder !== undefined);
  if (decoders.length < names.length) return message;
  let body: Readable = message;
  // What was encoded last is decoded first. A failure of either end reaches the other.
  for (const decoder of decoders.toReversed()) body = pipeline(body, decoder(), () => {});
  return body;
}
