// The page as text: the addresses that it loads from, and nothing that runs.

export interface PageFacts {
  /** Where the server's routes begin; '' when they begin at the root. */
  readonly base: string;
  /** Where its modules are. */
  readonly modules: string;
  /** How the file names of its modules end. */
  readonly extension: string;
  readonly style: string;
  readonly importMap: string;
  /** The longest question that the server accepts. */
  readonly maxMessageChars: number;
}

export function pageHtml({ base, modules, extension, style, importMap, maxMessageChars }: PageFacts): string {
  return `<!doctype html>
<html lang="en" data-base="${base}" data-max-message-chars="${maxMessageChars}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Turnstream</title>
<link rel="icon" href="data:,">
<script src="${modules}frame/first-paint${extension}"></script>
<link rel="stylesheet" href="${style}">
<script type="importmap">${importMap}</script>
<script type="module" src="${modules}main${extension}"></script>
</head>
<body data-view="chat"></body>
</html>
`;
}
