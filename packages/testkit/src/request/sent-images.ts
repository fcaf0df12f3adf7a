// Reads the images in a message of either API.

type JsonObject = Readonly<Record<string, unknown>>;

/** An image as sent to the model, in one form for both APIs. An image given by URL has neither type nor size. */
export interface SentImage {
  readonly mediaType: string | null;
  readonly bytes: number | null;
}

/** The image in a content part; null when the part is not an image. */
export function imageOf(part: JsonObject): SentImage | null {
  if (part['type'] !== 'input_image' && part['type'] !== 'image_url') return null;
  const said = part['image_url'];
  // Chat Completions nests what Responses puts at the top level.
  const address: unknown = typeof said === 'object' && said !== null && 'url' in said ? said.url : said;
  const data = typeof address === 'string' ? /^data:([^;,]+);base64,(.*)$/s.exec(address) : null;
  if (data === null) return { mediaType: null, bytes: null };
  const [, mediaType = '', base64 = ''] = data;
  return { mediaType, bytes: Math.floor((base64.replaceAll(/[^\w+/-]/g, '').length * 3) / 4) };
}
