// What the demo model knows: a few programming languages, as data.

export interface Topic {
  readonly name: string;
  /** Matches a mention in a message. */
  readonly mentioned: RegExp;
  readonly oneLine: string;
  /** Added unless the user asked for one line. */
  readonly more: string;
  /** Year of the first public release. */
  readonly year: number;
}

export const topics: readonly Topic[] = [
  {
    name: 'Python',
    mentioned: /\bpython\b/i,
    oneLine:
      'Python is a high-level, interpreted programming language known for its readability and its large standard library.',
    more: 'It is used for scripts, servers, science and teaching, because short programs stay short and long ones stay readable.',
    year: 1991,
  },
  {
    name: 'TypeScript',
    mentioned: /\btypescript\b/i,
    oneLine:
      'TypeScript is JavaScript with a static type system that is checked before the program runs and gone when it does.',
    more: 'Editors use the same types to complete, rename and explain code while it is written.',
    year: 2012,
  },
  {
    name: 'JavaScript',
    mentioned: /\bjavascript\b/i,
    oneLine:
      'JavaScript is the dynamic language of the browser, and through runtimes such as Node.js of many servers too.',
    more: 'Functions are values, objects are open, and everything that waits goes through one event loop.',
    year: 1995,
  },
  {
    name: 'Rust',
    mentioned: /\brust\b/i,
    oneLine: 'Rust is a systems language that proves memory safety at compile time, without a garbage collector.',
    more: 'Ownership says who frees a value, and borrowing says who may look at it until then.',
    year: 2015,
  },
  {
    name: 'Go',
    // Capitalized only: "go" is an English word.
    mentioned: /\bGo\b|\bgolang\b/,
    oneLine: 'Go is a small compiled language with garbage collection, made for servers that do many things at once.',
    more: 'Goroutines are cheap, channels connect them, and the formatter ends every argument about style.',
    year: 2009,
  },
  {
    name: 'Java',
    mentioned: /\bjava\b/i,
    oneLine: 'Java is a class-based language that runs on a virtual machine, the same program on every platform.',
    more: 'Its libraries and tools have carried large business systems for decades.',
    year: 1995,
  },
  {
    name: 'C#',
    mentioned: /\bc#|\bcsharp\b/i,
    oneLine: 'C# is a statically typed language of the .NET platform that mixes objects, functions and async code.',
    more: 'Its async and await keywords were copied by half of the languages in this list.',
    year: 2000,
  },
  {
    name: 'Ruby',
    mentioned: /\bruby\b/i,
    oneLine:
      'Ruby is a dynamic language in which everything is an object and blocks make small languages of their own.',
    more: 'The Rails framework made it the home of a generation of web applications.',
    year: 1995,
  },
  {
    name: 'Haskell',
    mentioned: /\bhaskell\b/i,
    oneLine: 'Haskell is a purely functional, lazy language with strong inferred types.',
    more: 'Effects are values in it, so a signature says whether a function can touch the world.',
    year: 1990,
  },
];

/** The topics a text names, in order. */
export function topicsIn(text: string): Topic[] {
  const named = topics.map((topic) => ({ topic, at: text.search(topic.mentioned) })).filter(({ at }) => at >= 0);
  return named.toSorted((left, right) => left.at - right.at).map(({ topic }) => topic);
}

/** The topic a text names first; undefined when it names none. */
export function topicOf(text: string): Topic | undefined {
  return topicsIn(text)[0];
}
