// Which generated strings a property test can use as member names.

/**
 * Works around a V8 bug (nodejs/node#63785): after a key that ends with a backslash, `JSON.parse` can return that key for
 * a later escaped key in the same position.
 */
export function isSafeKey(key: string): boolean {
  return !key.endsWith('\\');
}
