// What tests of ends and bodies share.

export const WORDS: string[] = ['A ', 'lang', 'uage.'];

export const json = { 'content-type': 'application/json' };
