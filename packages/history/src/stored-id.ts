// A session id, which may be any string, as a name that a back end can hold: two ids never share one.
import { createHash } from 'node:crypto';

/** What each kind of name cannot hold. It becomes `%` and four hex digits for each UTF-16 unit. */
const ESCAPED: Record<'file' | 'key', RegExp> = {
  // All but some letters, digits, `_` and `-`. Upper case too, because some file systems see no difference.
  file: /[^a-z0-9_-]/g,
  // All but printable ASCII, and `{` and `}`, which choose the slot of a Redis key.
  key: /[^!-~]|[%{}]/g,
};

/** Past this many characters a name is a hash: file names end at 255 bytes, index entries of Postgres at some 2,700. */
const MAX_LENGTH = 128;

/** The id as part of a file name or of a key. Distinct for distinct ids, lone surrogates and U+0000 included. */
export function storedId(id: string, place: 'file' | 'key'): string {
  const name = id.replace(ESCAPED[place], (unit) => `%${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  // `%s` is the start of no escape, so a hash is never the name of another id.
  return name.length <= MAX_LENGTH ? name : `%sha256-${createHash('sha256').update(name).digest('hex')}`;
}
