// What the reference leaves out of TypeDoc's pages: rules between members, where a member is inherited from, long
// paths.
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export function tidyPages(folder: string): void {
  for (const file of globSync('**/*.md', { cwd: folder })) {
    const path = join(folder, file);
    writeFileSync(path, tidied(readFileSync(path, 'utf8')));
  }
}

function tidied(page: string): string {
  return (
    page
      .replaceAll(/^\*\*\*\n\n/gm, '')
      .replaceAll(/^#+ (?:Inherited from|Implementation of|Overrides)\n\n.+\n\n?/gm, '')
      // Where an example is from is for the check of the sources.
      .replaceAll(/^```ts source=.*$/gm, '```ts')
      .replaceAll(/^Defined in: \[[^\]]*\]\((.+)\)$/gm, '[source]($1){.api-source}')
  );
}
