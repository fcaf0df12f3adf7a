// What the demo model says: a function of the conversation it was sent, and of nothing else.

import type { SentConversation, SentMessage } from '../request/body.ts';
import type { SentImage } from '../request/sent-images.ts';
import { capitals } from './capitals.ts';
import { reportOn } from './report.ts';
import { story } from './story.ts';
import { topicOf, topics, topicsIn } from './topics.ts';

interface Turn {
  readonly question: string;
  /** What came with the question. */
  readonly images: readonly SentImage[];
  /** What came before the question, oldest first. */
  readonly earlier: readonly SentMessage[];
  /** Where wishes about the form of the answer may stand. */
  readonly wishes: string;
}

/** Answers the last message. Null: this answer does not fit the question. */
type Answer = (turn: Turn) => string | null;

const answers: readonly Answer[] = [
  describeImages,
  rememberWord,
  recallWord,
  greetByName,
  recallName,
  noteColour,
  recallColour,
  countMessages,
  tellAge,
  tellCapital,
  writeReport,
  tellStory,
  tellTopic,
  greet,
];

export function answerTo(conversation: SentConversation): string {
  const { messages, instructions } = conversation;
  const asked = messages.at(-1);
  const question = asked?.text ?? '';
  const images = asked?.images ?? [];
  const turn = { question, images, earlier: messages.slice(0, -1), wishes: `${instructions ?? ''}\n${question}` };
  for (const answer of answers) {
    const text = answer(turn);
    if (text !== null)
      return /\b(?:upper ?case|capital letters|in capitals|all caps)\b/i.test(turn.wishes) ? text.toUpperCase() : text;
  }
  return honestAnswer(turn);
}

/** What a question with an image is about; the demo model sees what it was sent, and not what it shows. */
function describeImages({ images }: Turn): string | null {
  if (images.length === 0) return null;
  const each = images.map(({ mediaType, bytes }) =>
    mediaType === null ? 'the address of an image' : `an image of type ${mediaType}, ${bytes} bytes`,
  );
  return `I was sent ${each.join(' and ')}. What it shows takes a real model.`;
}

const taughtWord = /\bremember (?:this |the |my )?(?:secret |code )?word(?: is|:)? ["'“‘]?([\p{L}\p{N}-]+)/iu;

function rememberWord({ question, wishes }: Turn): string | null {
  const word = taughtWord.exec(question)?.[1];
  if (word === undefined) return null;
  return wantsOneWord(wishes)
    ? 'OK'
    : `OK, the word is "${word}". I know it as long as you send me this message again.`;
}

function recallWord({ question, earlier, wishes }: Turn): string | null {
  if (!/\b(?:what|which)\b[^.?!]*(?<!\b(?:one|a|single) )\bword\b/i.test(question)) return null;
  const word = lastSaid(earlier, (text) => taughtWord.exec(text)?.[1]);
  if (word !== undefined) return wantsOneWord(wishes) ? word : `The word was "${word}".`;
  return wantsOneWord(wishes) || /\bnone\b/i.test(question)
    ? 'none'
    : `none: ${sightOf(earlier)}, and no word was to be remembered.`;
}

const givenName = /\b(?:[Mm]y name is|[Cc]all me) ["'“‘]?(\p{Lu}[\p{L}-]*)/u;

function greetByName({ question }: Turn): string | null {
  const name = givenName.exec(question)?.[1];
  return name === undefined ? null : `Hello, ${name}. What would you like to know?`;
}

function recallName({ question, earlier, wishes }: Turn): string | null {
  if (!/\b(?:what is|what's|who|remember|know)\b.*\b(?:my name|am i)\b/i.test(question)) return null;
  const name = lastSaid(earlier, (text) => givenName.exec(text)?.[1]);
  if (name !== undefined) return wantsOneWord(wishes) ? name : `Your name is ${name}.`;
  return `I cannot know your name: ${sightOf(earlier)}.`;
}

const likedColour = /\bmy favou?rite colou?r is (\p{L}+)/iu;

function noteColour({ question }: Turn): string | null {
  const colour = likedColour.exec(question)?.[1];
  return colour === undefined ? null : `OK, your favourite colour is ${colour}.`;
}

function recallColour({ question, earlier, wishes }: Turn): string | null {
  if (!/\b(?:what|which)\b.*\bcolou?r\b.*\b(?:I|my)\b/i.test(question)) return null;
  const colour = lastSaid(earlier, (text) => likedColour.exec(text)?.[1]);
  if (colour !== undefined) return wantsOneWord(wishes) ? colour : `Your favourite colour is ${colour}.`;
  return `I cannot know which colour you like: ${sightOf(earlier)}.`;
}

function countMessages({ question, earlier }: Turn): string | null {
  return /\bhow many messages\b/i.test(question) ? `${earlier.length + 1}` : null;
}

/** "it" is what the question names, else what was talked about last. */
function tellAge({ question, earlier, wishes }: Turn): string | null {
  const asksForAge = /\bhow old\b|\bwhat year\b|\bwhen was\b|\bwhen did\b.*\b(?:appear|come out)\b|\bits age\b/i;
  if (!asksForAge.test(question)) return null;
  const topic = topicOf(question) ?? lastSaid(earlier, topicOf);
  if (topic === undefined)
    return `I cannot know what "it" is: ${sightOf(earlier)}, so there is nothing it could stand for.`;
  return wantsOneWord(wishes) ? `${topic.year}` : `${topic.name} first appeared in ${topic.year}.`;
}

function tellCapital({ question, wishes }: Turn): string | null {
  const country = /\bcapital of (\p{Lu}[\p{L} ]*\p{L})/u.exec(question)?.[1];
  const capital = country === undefined ? undefined : capitals.get(country);
  if (capital === undefined) return null;
  return wantsOneWord(wishes) ? capital : `The capital of ${country} is ${capital}.`;
}

/** About what the question names, else about what was talked about last. */
function writeReport({ question, earlier }: Turn): string | null {
  if (!/\breport\b/i.test(question)) return null;
  const named = topicsIn(question);
  const subjects = named.length > 0 ? named : [lastSaid(earlier, topicOf)].filter((topic) => topic !== undefined);
  if (subjects.length > 0) return reportOn(subjects);
  return `I have nothing on file to write that report from. I can write one about ${knownTopics()}.`;
}

function tellStory({ question }: Turn): string | null {
  return /\b(?:story|tale|essay|poem|at length|in detail|long answer|write a)\b/i.test(question) ? story : null;
}

function tellTopic({ question, wishes }: Turn): string | null {
  const topic = topicOf(question);
  if (topic === undefined) return null;
  const brief = /\bone (?:line|sentence)\b|\bin short\b|\bbriefly\b|\bbe brief\b/i.test(wishes);
  return brief ? topic.oneLine : `${topic.oneLine} ${topic.more}`;
}

function greet({ question }: Turn): string | null {
  return /^\s*(?:hi|hello|hey|good (?:morning|evening))\b/i.test(question)
    ? 'Hello. What would you like to know?'
    : null;
}

function honestAnswer({ earlier }: Turn): string {
  return (
    `This is a scripted demo model, not a language model, and it has no answer to that: ${sightOf(earlier)}. ` +
    `It can say what ${knownTopics()} is and how old it is, write a report about it, name a few capitals, remember a word or ` +
    'your name within a conversation, ask a tool for the weather, and tell a long story. Everything else needs a real model.'
  );
}

function knownTopics(): string {
  const names = topics.map((topic) => topic.name);
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}

/** What the request showed, said so that a reader sees what a missing session means. */
function sightOf(earlier: readonly SentMessage[]): string {
  if (earlier.length === 0) return 'I was sent 1 message, your question, and nothing before it';
  return `I was sent ${earlier.length + 1} messages, your question included`;
}

function wantsOneWord(wishes: string): boolean {
  return /\b(?:one|a single) word\b|\b(?:year|word|name|colou?r) only\b|\bonly (?:the|a) (?:year|word|name|colou?r)\b|\bjust the\b/i.test(
    wishes,
  );
}

/** What the user said last of its kind. The model's own words do not count: some of them name every topic. */
function lastSaid<T>(messages: readonly SentMessage[], find: (text: string) => T | undefined): T | undefined {
  for (const message of messages.toReversed()) {
    const found = message.role === 'user' ? find(message.text) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}
