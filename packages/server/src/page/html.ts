// The page as text: its markup, with the addresses it loads from, and nothing that runs.

export interface PageAddresses {
  /** Where the server's routes begin; '' when they begin at the root. */
  readonly base: string;
  readonly main: string;
  readonly style: string;
  readonly importMap: string;
}

export function pageHtml({ base, main, style, importMap }: PageAddresses): string {
  return `<!doctype html>
<html lang="en" data-base="${base}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Turnstream</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${style}">
<script type="importmap">${importMap}</script>
<script type="module" src="${main}"></script>
</head>
<body>
<header>
  <h1>Turnstream</h1>
  <output id="badge" aria-live="polite"></output>
  <button id="new-chat" type="button">New chat</button>
</header>
<main id="transcript" role="log" aria-live="off" aria-label="Conversation" tabindex="0"></main>
<p id="status" role="status"></p>
<form id="composer">
  <label for="question">Your question</label>
  <textarea id="question" rows="2" maxlength="8000" dir="auto" autofocus
    placeholder="Enter sends, Shift+Enter begins a new line"></textarea>
  <button id="send" type="submit" disabled>Send</button>
  <button id="in-background" type="button" disabled title="The answer comes when it is there; closing the page is fine">In the background</button>
</form>
</body>
</html>
`;
}
