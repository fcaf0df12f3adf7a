// The top of the front page, above the repository's README, and the links at the top of every page.
import { REPOSITORY } from './links.ts';

export const NAVIGATION = [
  { text: 'Chapters', link: '/chapters/00-see-it', activeMatch: '^/chapters/' },
  { text: 'Recipes', link: '/recipes/', activeMatch: '^/recipes/' },
  { text: 'API', link: '/api/', activeMatch: '^/api/' },
  { text: 'GitHub', link: REPOSITORY },
];

export const HOME = {
  layout: 'home',
  hero: {
    name: 'Turnstream',
    text: 'Agents that stream and remember',
    tagline:
      'A small TypeScript library, and a course that teaches it by running it. No key, no build step, no database.',
    actions: [
      { theme: 'brand', text: 'Start the course', link: '/chapters/00-see-it' },
      { theme: 'alt', text: 'Run it below', link: '#the-library' },
      { theme: 'alt', text: 'API reference', link: '/api/' },
    ],
  },
  features: [
    {
      title: 'See it',
      details: 'When bytes leave the model, and what goes into it: in three modes, with and without a session.',
      link: '/chapters/00-see-it',
    },
    {
      title: 'Run it here',
      details: 'Snippets with a Run button use the real library and a demo model, in your tab. Edit them.',
      link: '/chapters/03-streaming-and-multiturn#read-the-code',
    },
    {
      title: 'Ship it',
      details: 'Guards, background runs, histories in Postgres and Redis, and recipes for the stack you have.',
      link: '/recipes/',
    },
  ],
};
