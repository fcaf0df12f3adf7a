// The API reference: TypeDoc's pages for every entry of every published package, as Markdown in `api/`.
import { join } from 'node:path';
import { publicEntries } from '../../../scripts/docs/entries.ts';
import { tidyPages } from './api-pages.ts';
import { REPOSITORY } from './links.ts';
import { installed } from './tools.ts';
import { type Reflection, undocumented } from './undocumented.ts';

interface TypeDoc {
  readonly Comment: new (summary: readonly object[]) => NonNullable<Reflection['comment']>;
  readonly Application: {
    bootstrapWithPlugins(options: object): Promise<{
      convert(): Promise<Reflection | undefined>;
      generateOutputs(project: Reflection): Promise<void>;
      readonly logger: { hasErrors(): boolean; hasWarnings(): boolean };
    }>;
  };
}

/** Writes the pages into `api/` of this package; returns what is exported and has no description, one line each. */
export async function writeApi(root: string): Promise<readonly string[]> {
  const entries = publicEntries(root);
  const { Application, Comment } = (await import(installed('typedoc/dist/index.js'))) as TypeDoc;
  const app = await Application.bootstrapWithPlugins({
    ...OPTIONS,
    basePath: root,
    entryPoints: [...entries.keys()].map((file) => join(root, file)),
    tsconfig: join(root, 'packages/site/tsconfig.api.json'),
    outputs: [{ name: 'markdown', path: join(root, 'packages/site/api') }],
    plugin: [installed('typedoc-plugin-markdown/dist/index.js')],
  });
  const project = await app.convert();
  if (project === undefined) throw new Error('TypeDoc could not read the entries; its errors are above');
  for (const module of project.children ?? []) {
    const entry = entries.get(module.sources?.[0]?.fileName ?? '');
    if (entry === undefined) throw new Error(`TypeDoc read ${module.name}, which is not an entry`);
    module.name = entry.name;
    module.comment = new Comment([{ kind: 'text', text: entry.description }]);
  }
  await app.generateOutputs(project);
  tidyPages(join(root, 'packages/site/api'));
  if (app.logger.hasErrors() || app.logger.hasWarnings()) throw new Error('TypeDoc warns of the lines above');
  return undocumented(project);
}

const OPTIONS = {
  name: 'API',
  router: 'structure',
  readme: 'none',
  excludePrivate: true,
  excludeInternal: true,
  excludeExternals: true,
  skipErrorChecking: true,
  disableGit: true,
  sourceLinkTemplate: `${REPOSITORY}/blob/main/packages/{path}#L{line}`,
  validation: { notExported: false, invalidLink: true, notDocumented: false },
  hidePageHeader: true,
  hideBreadcrumbs: true,
  useCodeBlocks: true,
  expandObjects: true,
  parametersFormat: 'table',
  indexFormat: 'table',
  entryFileName: 'index',
  useHTMLAnchors: true,
  pageTitleTemplates: { module: ({ name }: { readonly name: string }) => `@turnstream/${name}` },
};
