// What the demo model says, as a pure function of the conversation it was sent.

import type { SentConversation, SentMessage } from '../request/body.ts';
import type { SentTool } from '../request/offered-tools.ts';
import { capitals } from './capitals.ts';
import * as memory from './memory.ts';
import { reportOn } from './report.ts';
import { story } from './story.ts';
import { topicOf, topics, topicsIn } from './topics.ts';
import { type Answer, lastSaid, sightOf, type Turn, wantsOneWord } from './turn.ts';

const answers: readonly Answer[] = [
  describeImages,
  memory.rememberWord,
  memory.recallWord,
  memory.greetByName,
  memory.recallName,
  memory.noteColor,
  memory.recallColor,
  memory.countMessages,
  memory.recallSaid,
  memory.recallFact,
  tellAge,
  tellCapital,
  writeReport,
  tellStory,
  memory.noteFact,
  tellTopic,
  greet,
];

/** Null when it has no answer to the last message. */
export function answerTo({ messages, instructions }: SentConversation): string | null {
  const asked = messages.at(-1);
  const question = asked?.text ?? '';
  const images = asked?.images ?? [];
  const turn = { question, images, earlier: messages.slice(0, -1), wishes: `${instructions ?? ''}\n${question}` };
  for (const answer of answers) {
    const text = answer(turn);
    if (text !== null)
      return /\b(?:upper ?case|capital letters|in capitals|all caps)\b/i.test(turn.wishes) ? text.toUpperCase() : text;
  }
  return null;
}

/** The fallback answer: what the model is, what it was sent, and what it can do. */
export function honestAnswer({ tools }: { readonly tools: readonly SentTool[] }, sent: readonly SentMessage[]): string {
  const names = tools.map(({ name }) => name).join(', ');
  return (
    `This is a scripted demo model, not a language model, and it has no answer to that: ${sightOf(sent.slice(0, -1))}. ` +
    (names === ''
      ? ''
      : `Of the tools I was offered (${names}), none has a word of your question in its name or description. `) +
    `It can say what ${knownTopics()} is and how old it is, write a report about it, name a few capitals, remember what you ` +
    'say of yourself within a conversation, call the tools it is offered, and tell a long story. Everything else needs a real model.'
  );
}

/** Describes the images of a question. The demo model sees their form, not their content. */
function describeImages({ images }: Turn): string | null {
  if (images.length === 0) return null;
  const each = images.map(({ mediaType, bytes }) =>
    mediaType === null ? 'the address of an image' : `an image of type ${mediaType}, ${bytes} bytes`,
  );
  return `I was sent ${each.join(' and ')}. What it shows takes a real model.`;
}

/** "it" is what the question names, otherwise the last topic. */
function tellAge({ question, earlier, wishes }: Turn): string | null {
  const asksForAge = /\bhow old\b|\bwhat year\b|\bwhen was\b|\bwhen did\b.*\b(?:appear|come out)\b|\bits age\b/i;
  if (!asksForAge.test(question)) return null;
  const topic = topicOf(question) ?? lastSaid(earlier, topicOf);
  if (topic === undefined)
    return `I cannot know what "it" is: ${sightOf(earlier)}, so there is nothing it could refer to.`;
  return wantsOneWord(wishes) ? `${topic.year}` : `${topic.name} first appeared in ${topic.year}.`;
}

function tellCapital({ question, wishes }: Turn): string | null {
  const country = /\bcapital of (\p{Lu}[\p{L} ]*\p{L})/u.exec(question)?.[1];
  const capital = country === undefined ? undefined : capitals.get(country);
  if (capital === undefined) return null;
  return wantsOneWord(wishes) ? capital : `The capital of ${country} is ${capital}.`;
}

/** About what the question names, otherwise about the last topic. */
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

function knownTopics(): string {
  const names = topics.map((topic) => topic.name);
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}
