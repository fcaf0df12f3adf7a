// The API reference: TypeDoc's pages for every entry of every published package, as Markdown in `api/`.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from './links.ts';
import { installed } from './tools.ts';
import { undocumented } from './undocumented.ts';

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, string>>;
}

export interface Reflection {
  name: string;
  readonly kind: number;
  readonly comment?: { readonly summary: readonly object[] };
  readonly children?: readonly Reflection[];
  readonly signatures?: readonly Reflection[];
  readonly getSignature?: Reflection;
  readonly type?: { readonly type: string; readonly declaration?: Reflection };
  readonly sources?: readonly { readonly fileName: string; readonly line: number }[];
}

interface TypeDoc {
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
  const { Application } = (await import(installed('typedoc/dist/index.js'))) as TypeDoc;
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
  for (const module of project.children ?? [])
    module.name = entries.get(module.sources?.[0]?.fileName ?? '') ?? module.name;
  await app.generateOutputs(project);
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
};

/** The entries of the published packages: the source file of each, and its name without the scope. */
export function publicEntries(root: string): ReadonlyMap<string, string> {
  const manifests = globSync('packages/*/package.json', { cwd: root }).toSorted();
  return new Map(
    manifests.flatMap((file) => {
      const manifest = JSON.parse(readFileSync(join(root, file), 'utf8')) as Manifest;
      if (manifest.private === true) return [];
      return Object.entries(manifest.exports ?? {})
        .filter(([, target]) => target.endsWith('.ts'))
        .map(([entry, target]): [string, string] => [
          join(file, '..', target),
          (manifest.name + entry.slice(1)).replace(/^@[^/]+\//, ''),
        ]);
    }),
  );
}
