// How the page looks, in light and in dark.

export const PAGE_CSS = `:root {
  color-scheme: light dark;
  --back: light-dark(#fbfbfa, #17181a);
  --ink: light-dark(#1c1d1f, #e8e8e6);
  --soft: light-dark(#5c6066, #a3a7ad);
  --line: light-dark(#d9dbde, #34373b);
  --mine: light-dark(#e7eef8, #23303f);
  --deed: light-dark(#1d5fb4, #8db9f0);
  --bad: light-dark(#a12a24, #f0948f);
  font: 16px/1.5 system-ui, sans-serif;
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; max-width: 46rem; height: 100dvh; padding: 0 1rem;
  display: flex; flex-direction: column; background: var(--back); color: var(--ink);
}
header { display: flex; align-items: center; gap: .75rem; padding: .75rem 0; border-bottom: 1px solid var(--line); }
h1 { font-size: 1rem; font-weight: 600; margin: 0; flex: 1; }
#badge:not(:empty) {
  font-size: .85rem; color: var(--deed); border: 1px solid currentColor; border-radius: 1rem; padding: .1rem .7rem;
}
#transcript { flex: 1; overflow-y: auto; padding: 1rem 0; outline-offset: -2px; }
#transcript:empty::before { content: 'Ask something. The second question may say "it".'; color: var(--soft); }
.message { margin: 0 0 1rem; overflow-wrap: anywhere; }
.message .text { white-space: pre-wrap; }
.message.user .text { display: inline-block; background: var(--mine); border-radius: .8rem; padding: .5rem .9rem; }
.message.user { text-align: end; }
.message.user .text { text-align: start; }
.message.apart .text { color: var(--soft); }
.message .note { display: block; font-size: .85rem; color: var(--soft); }
.message .note[role='alert'] { color: var(--bad); }
.ask { border: 1px solid var(--line); border-radius: .6rem; padding: .5rem .9rem; margin-top: .5rem; }
.ask pre { margin: .25rem 0 .75rem; max-height: 12rem; overflow: auto; white-space: pre-wrap; }
.ask button { margin-inline-end: .5rem; }
.message[aria-busy='true'] .text::after { content: '\\25CF'; color: var(--deed); margin-inline-start: .15em; animation: wait 1.2s infinite; }
@keyframes wait { 50% { opacity: .2; } }
#status { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); margin: 0; }
form { display: grid; grid-template-columns: 1fr auto auto; gap: .5rem; padding: .75rem 0 1rem; border-top: 1px solid var(--line); }
label { grid-column: 1 / -1; font-size: .85rem; color: var(--soft); }
textarea {
  grid-column: 1 / -1; resize: none; font: inherit; color: inherit; background: transparent;
  border: 1px solid var(--line); border-radius: .6rem; padding: .5rem .7rem;
}
button {
  font: inherit; min-height: 44px; padding: 0 1rem; border-radius: .6rem; cursor: pointer;
  border: 1px solid var(--line); background: transparent; color: inherit;
}
#send { grid-column: 3; order: 2; background: var(--deed); border-color: transparent; color: var(--back); }
#in-background { grid-column: 2; }
button:disabled { opacity: .45; cursor: default; }
:focus-visible { outline: 2px solid var(--deed); outline-offset: 2px; }
@media (prefers-reduced-motion: reduce) { .message[aria-busy='true'] .text::after { animation: none; } }
@media (max-width: 26rem) { form { grid-template-columns: 1fr 1fr; } #send { grid-column: 2; } #in-background { grid-column: 1; } }
`;
