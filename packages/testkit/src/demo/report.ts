// A report that takes a while to stream, generated from the data of the demo model.
import { type Topic, topics } from './topics.ts';

/** About 150 words for each topic. */
export function reportOn(subjects: readonly Topic[]): string {
  const names = subjects.map(({ name }) => name).join(' and ');
  const overview =
    subjects.length === 1
      ? `This report looks at ${names}: what it is, what it is for, and where it stands in time.`
      : `This report looks at ${names}, one after the other, and then at what came first.`;
  return [`Report: ${names}`, overview, ...subjects.flatMap(chapter), conclusion(subjects)].join('\n\n');
}

function chapter(topic: Topic): string[] {
  const older = topics.filter(({ year }) => year < topic.year);
  const younger = topics.filter(({ year }) => year > topic.year);
  const peers = topics.filter(({ name, year }) => name !== topic.name && year === topic.year);
  return [
    `What it is. ${topic.oneLine}`,
    `What it is for. ${topic.more}`,
    `Where it stands in time. ${topic.name} first appeared in ${topic.year}. ` +
      `Of the ${topics.length} languages on file here, ${counted(older)} older${listed(older)} and ` +
      `${counted(younger)} younger${listed(younger)}. ` +
      (peers.length === 0 ? 'None appeared in the same year.' : `The same year brought ${namesOf(peers)}.`),
    `What follows from that. A language that has been in use since ${topic.year} has had the time to collect libraries, ` +
      'habits and opinions, and anyone who picks it today meets all three of them in the first week. ' +
      'The libraries are the reason to choose it, the habits are the reason that code of strangers can be read, ' +
      'and the opinions are best read last.',
  ];
}

function conclusion(subjects: readonly Topic[]): string {
  const [first] = subjects.toSorted((left, right) => left.year - right.year);
  const order = subjects.length > 1 && first !== undefined ? ` Of those looked at, ${first.name} is the oldest.` : '';
  return `Conclusion.${order} Everything in this report was written down beforehand: a real model would have more to say.`;
}

function counted(list: readonly Topic[]): string {
  return list.length === 1 ? '1 is' : `${list.length} are`;
}

function listed(list: readonly Topic[]): string {
  return list.length === 0 ? '' : ` (${namesOf(list)})`;
}

function namesOf(list: readonly Topic[]): string {
  return list.map(({ name, year }) => `${name}, ${year}`).join('; ');
}
