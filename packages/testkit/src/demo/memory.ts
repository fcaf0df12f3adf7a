// What the demo model knows about the user: only what the earlier messages in the request say.
import { lastSaid, sightOf, type Turn, wantsOneWord } from './turn.ts';

const taughtWord = /\bremember (?:this |the |my )?(?:secret |code )?word(?: is|:)? ["'“‘]?([\p{L}\p{N}-]+)/iu;

export function rememberWord({ question, wishes }: Turn): string | null {
  const word = taughtWord.exec(question)?.[1];
  if (word === undefined) return null;
  return wantsOneWord(wishes)
    ? 'OK'
    : `OK, the word is "${word}". I know it as long as you send me this message again.`;
}

export function recallWord({ question, earlier, wishes }: Turn): string | null {
  if (!/\b(?:what|which)\b[^.?!]*(?<!\b(?:one|a|single) )\bword\b/i.test(question)) return null;
  const word = lastSaid(earlier, (text) => taughtWord.exec(text)?.[1]);
  if (word !== undefined) return wantsOneWord(wishes) ? word : `The word was "${word}".`;
  return wantsOneWord(wishes) || /\bnone\b/i.test(question)
    ? 'none'
    : `none: ${sightOf(earlier)}, and none gave me a word to remember.`;
}

const givenName =
  /\b(?:[Mm]y name is|[Cc]all me|(?:[Hh]i|[Hh]ello|[Hh]ey)\b[^.?!]*\bI(?: am|['’]m)) ["'“‘]?(\p{Lu}[\p{L}-]*)/u;

export function greetByName({ question }: Turn): string | null {
  const name = givenName.exec(question)?.[1];
  return name === undefined ? null : `Hello, ${name}. What would you like to know?`;
}

export function recallName({ question, earlier, wishes }: Turn): string | null {
  if (!/\b(?:what is|what was|what['’]s|who|remember|know)\b.*\b(?:my name|am i)\b/i.test(question)) return null;
  const name = lastSaid(earlier, (text) => givenName.exec(text)?.[1]);
  if (name !== undefined) return wantsOneWord(wishes) ? name : `Your name is ${name}.`;
  return `I cannot know your name: ${sightOf(earlier)}.`;
}

const likedColor = /\bmy favou?rite colou?r is (\p{L}+)/iu;

export function noteColor({ question }: Turn): string | null {
  const color = likedColor.exec(question)?.[1];
  return color === undefined ? null : `OK, your favorite color is ${color}.`;
}

export function recallColor({ question, earlier, wishes }: Turn): string | null {
  if (!/\b(?:what|which)\b.*\bcolou?r\b.*\b(?:I|my)\b/i.test(question)) return null;
  const color = lastSaid(earlier, (text) => likedColor.exec(text)?.[1]);
  if (color !== undefined) return wantsOneWord(wishes) ? color : `Your favorite color is ${color}.`;
  return `I cannot know which color you like: ${sightOf(earlier)}.`;
}

export function countMessages({ question, earlier }: Turn): string | null {
  return /\bhow many messages\b/i.test(question) ? `${earlier.length + 1}` : null;
}

/** The user's last words before the question. */
export function recallSaid({ question, earlier }: Turn): string | null {
  if (!/\bwhat (?:did|have) i (?:just )?(?:say|said|ask|asked)\b/i.test(question)) return null;
  const said = lastSaid(earlier, (text) => text);
  return said === undefined ? `I cannot know: ${sightOf(earlier)}.` : `You said: "${said}"`;
}

const ownFact =
  /^(?:(?:please )?(?:remember|note)(?: that)?:? )?my ([\p{L}'’ -]{2,40}?) (?:is|are) (?!to\b)([^.!?]+)[.!]?\s*$/iu;

/** "My cat's name is Tom." */
export function noteFact({ question }: Turn): string | null {
  const [, thing, value] = ownFact.exec(question) ?? [];
  return thing === undefined ? null : `OK, your ${thing} is ${value}.`;
}

export function recallFact({ question, earlier, wishes }: Turn): string | null {
  const asked = /\b(?:what|who|which|when|where)(?: is| was|['’]s) my ([\p{L}'’ -]{2,40}?)\s*(?:[?.]|$)/iu.exec(
    question,
  )?.[1];
  if (asked === undefined) return null;
  const value = lastSaid(earlier, (text) => {
    const [, thing, said] = ownFact.exec(text) ?? [];
    return thing?.toLowerCase() === asked.toLowerCase() ? said : undefined;
  });
  if (value !== undefined) return wantsOneWord(wishes) ? value : `Your ${asked} is ${value}.`;
  return `I cannot know your ${asked}: ${sightOf(earlier)}.`;
}
