// The images in the content of a message, read from either API's form.

type JsonObject = Readonly<Record<string, unknown>>;

/** An image as the model was sent it, the same for both APIs. What only an address stands for has neither type nor size. */
export interface SentImage {
  readonly mediaType: string | null;
  readonly bytes: number | null;
}

/** The image of one part of a content; null when the part is none. */
export function imageOf(part: JsonObject): SentImage | null {
  if (part['type'] !== 'input_image' && part['type'] !== 'image_url') return null;
  const said = part['image_url'];
  // Chat Completions wraps what Responses says at once.
  const address: unknown = typeof said === 'object' && said !== null && 'url' in said ? said.url : said;
  const data = typeof address === 'string' ? /^data:([^;,]+);base64,(.*)$/s.exec(address) : null;
  if (data === null) return { mediaType: null, bytes: null };
  const [, mediaType = '', base64 = ''] = data;
  return { mediaType, bytes: Buffer.from(base64, 'base64').length };
}
