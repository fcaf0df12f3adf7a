import { expect, test } from 'vitest';
import { answerTo, honestAnswer } from '../../src/demo/answers.ts';
import { topics } from '../../src/demo/topics.ts';

/** The answer to the last of these messages; speakers take turns, the user first. */
function answer(...texts: string[]): string {
  return answerWith(null, ...texts);
}

function answerWith(instructions: string | null, ...texts: string[]): string {
  const messages = texts.map((text, index) => ({ role: index % 2 === 0 ? 'user' : 'assistant', text }));
  return answerTo({ instructions, messages }) ?? honestAnswer({ tools: [] }, messages);
}

const aboutPython = ['What is Python in one line?', 'Python is a language.'];

test('"it" is what was talked about before', () => {
  const question = 'How old is it? Answer with a year only.';

  expect(answer(...aboutPython, question)).toBe('1991');
  expect(answer('What is Rust?', 'A language.', question)).toBe('2015');
  expect(answer(...aboutPython, 'How old is it?')).toBe('Python first appeared in 1991.');
});

test('without an earlier turn it says that it cannot know, and what it was sent', () => {
  expect(answer('How old is it?')).toBe(
    'I cannot know what "it" is: I was sent 1 message, your question, and nothing before it, ' +
      'so there is nothing it could refer to.',
  );
  expect(answer('Hello.', 'Hello.', 'How old is it?')).toContain('I was sent 3 messages, your question included');
});

test('the topic of the question comes first, then the latest earlier one', () => {
  const asked = [...aboutPython, 'And what is Go?', 'A language.'];

  expect(answer(...asked, 'How old is it? Just the year.')).toBe('2009');
  expect(answer(...asked, 'How old is Java? Year only.')).toBe('1995');
});

test.each([
  'How old is it? Answer with a year only.',
  'What year was it first released? Answer with the year only.',
  'What year was it first released? Say only the year.',
  'When was it released? One word.',
])('%s', (question) => {
  expect(answer(...aboutPython, question)).toBe('1991');
});

test('the model’s own messages set no topic', () => {
  const listing = answer('Can you cook?');

  expect(listing).toContain('Python');
  expect(answer('Can you cook?', listing, 'How old is it?')).toContain('I cannot know what "it" is');
});

test('it answers in one line when told to', () => {
  const line =
    'Python is a high-level, interpreted programming language known for its readability and its large standard library.';

  expect(answer('What is Python in one line?')).toBe(line);
  expect(answerWith('Be brief.', 'What is Python?')).toBe(line);
  expect(answer('What is Python?')).toMatch(new RegExp(`^${line} .+`));
});

test('every topic is recognized by its name and not confused with another', () => {
  const answers = topics.map(({ name }) => answer(`What is ${name}?`, '…', 'How old is it? One word.'));

  expect(answers).toEqual(topics.map(({ year }) => `${year}`));
  expect(answer('Should I go?', '…', 'How old is it?')).toContain('I cannot know');
});

test('it knows a taught word as long as the message is sent', () => {
  const taught = ["Remember the word 'orange'.", 'OK.'];
  const recall = "What word did I ask you to remember? If none, say 'none'.";

  expect(answer(taught[0]!)).toBe('OK, the word is "orange". I know it as long as you send me this message again.');
  expect(answer(...taught, recall)).toBe('The word was "orange".');
  expect(answerWith('Answer in one word.', ...taught, 'What was the word?')).toBe('orange');
  expect(answer(...taught, 'Remember the word plum', 'OK.', 'What was the word?')).toBe('The word was "plum".');
  expect(answer(recall)).toBe('none');
  expect(answer('What was the word?')).toMatch(/^none: I was sent 1 message/);
  expect(answer('What is Python in one word?')).not.toContain('none');
});

test('it knows the user’s name as long as the message is sent', () => {
  const introduced = ['Hi, my name is Ada.', 'Hello.'];

  expect(answer(introduced[0]!)).toBe('Hello, Ada. What would you like to know?');
  expect(answer(...introduced, 'What is my name?')).toBe('Your name is Ada.');
  expect(answer("Hello, I'm Ada.", 'Hello.', 'What was my name?')).toBe('Your name is Ada.');
  expect(answer(...introduced, 'Do you know my name? Name only.')).toBe('Ada');
  expect(answer('What is my name?')).toMatch(/^I cannot know your name: I was sent 1 message/);
});

test('it knows a favorite color as long as the message is sent', () => {
  const told = ['Remember: my favorite color is teal.', 'OK.'];
  const question = 'What color did I tell you I liked?';

  expect(answer(told[0]!)).toBe('OK, your favorite color is teal.');
  expect(answer(...told, question)).toBe('Your favorite color is teal.');
  expect(answer(...told, `${question} Answer with the color only.`)).toBe('teal');
  expect(answer(question)).toMatch(/^I cannot know which color you like: I was sent 1 message/);
});

test('it knows any other fact about the user as long as the message is sent', () => {
  const told = ["My cat's name is Tom.", 'OK.', 'Remember that my birthday is May 3', 'OK.'];

  expect(answer(told[0]!)).toBe("OK, your cat's name is Tom.");
  expect(answer(...told, "What is my cat's name?")).toBe("Your cat's name is Tom.");
  expect(answer(...told, 'When is my birthday?')).toBe('Your birthday is May 3.');
  expect(answer('When is my birthday?')).toMatch(/^I cannot know your birthday: I was sent 1 message/);
  expect(answer('My task is to write a report about Rust.')).toMatch(/^Report: Rust/);
});

test('it says what the user said before', () => {
  expect(answer('Hello.', 'Hello.', 'What did I just say?')).toBe('You said: "Hello."');
  expect(answer('What did I say?')).toMatch(/^I cannot know: I was sent 1 message/);
});

test('a long answer leaves time to stop it', () => {
  expect(answer('Tell me a long story.').length).toBeGreaterThan(1500);
});

test('it counts, greets, names capitals and shouts', () => {
  expect(answer(...aboutPython, 'How many messages were you sent?')).toBe('3');
  expect(answer('Hello there')).toBe('Hello. What would you like to know?');
  expect(answer('What is the capital of France?')).toBe('The capital of France is Paris.');
  expect(answerWith('Answer in upper case.', 'What is the capital of France? One word.')).toBe('PARIS');
});

test('it describes the form of an image and says that it cannot see the content', () => {
  const images = [
    { mediaType: 'image/png', bytes: 95 },
    { mediaType: null, bytes: null },
  ];

  const text = answerTo({ instructions: null, messages: [{ role: 'user', text: 'What is this?', images }] });

  expect(text).toBe(
    'I was sent an image of type image/png, 95 bytes and the address of an image. What it shows takes a real model.',
  );
});

test('when it has no answer it says so, and what it is and can do', () => {
  expect(answer(...aboutPython, 'Can you cook?')).toMatch(
    /^This is a scripted demo model, not a language model, and it has no answer to that: I was sent 3 messages/,
  );
});

test('a conversation without a message is answered too', () => {
  expect(answer()).toContain('scripted demo model');
});
