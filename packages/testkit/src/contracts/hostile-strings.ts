// Ids and texts that break stores which do not treat them as plain data.

const long = 'x'.repeat(10_000);

/** No two of them may share a conversation. */
export const hostileIds: readonly string[] = Object.values({
  lookAlikes: ['a', 'A', 'a ', ' a', 'a.', '.a', 'a\n', 'a\t', '\u00e1', 'a\u0301', '\uff41', 'a\u200b'],
  paths: [
    '.',
    '..',
    '/',
    '\\',
    '../a',
    '..\\a',
    '/etc/passwd',
    'C:\\a',
    '~',
    '~/a',
    'a/b',
    'a\\b',
    'a_b',
    'a:b',
    './a',
  ],
  fileNames: ['con', 'CON', 'nul', 'com1', 'aux.txt', 'a.jsonl', 'a.torn', 'id-a', '-rf', '$HOME', '*', '?', 'a|b'],
  sql: ["'; DROP TABLE turns; --", "' OR '1'='1", '$1', '?1', '%', '_', "'", '"', 'a%', '\\x00'],
  redis: ['{a}', '{', '}', 'a}:turns', 'turnstream:{a}:turns', '\r\nDEL a', 'KEYS[1]', '[a]'],
  escapes: ['%0061', '%002f', 'a%2fb', '%sha256-a', '\\u0061', '&#97;', '%%'],
  characters: ['\0', 'a\0', 'a\0b', '\ud800', '\udfff', 'a\ud800', '\ufffd', '\ufeff', '\u{1f600}', '\u2028'],
  members: ['__proto__', 'constructor', 'prototype', 'toString', 'undefined', 'null', '0', '-0', 'true', 'default'],
  long: [long, `${long}y`, `${long}z`, '\u00fc'.repeat(3_000), `${'\u00fc'.repeat(2_999)}u`],
}).flat();

export const hostileTexts: readonly string[] = Object.values({
  blanks: ['', ' ', '\r\n', 'line\nbreak', '\u2028\u2029', '\u0001\u001f\u007f', '\ufeff', '\ufffd'],
  halves: ['\0', 'a\0b', '\ud800', '\udc00\ud800', 'half a \u{1f600}'.slice(0, -1), '\u{1f600} \u6f22\u5b57 \ufdfd'],
  code: ["'); DROP TABLE turns; --", '$1 $2', '%s %d', '\\', '\\u0000', '"', "'", '{"format":1}', '</script>'],
  members: ['__proto__', 'null', 'undefined'],
}).flat();
