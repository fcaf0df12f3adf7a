// The public names without a description.

export interface Reflection {
  name: string;
  readonly kind: number;
  comment?: { readonly summary: readonly object[] };
  readonly children?: readonly Reflection[];
  readonly signatures?: readonly Reflection[];
  readonly getSignature?: Reflection;
  readonly type?: { readonly type: string; readonly declaration?: Reflection };
  readonly sources?: readonly { readonly fileName: string; readonly line: number }[];
}

/** TypeDoc's kind of a name that another entry exports as well, which has its description there. */
const REFERENCE = 4_194_304;

/** One line for each: the entry and the name. */
export function undocumented(project: Reflection): readonly string[] {
  return (project.children ?? []).flatMap((module) =>
    (module.children ?? [])
      .filter((name) => name.kind !== REFERENCE && !isDocumented(name))
      .map(({ name }) => `${module.name}: ${name}`),
  );
}

function isDocumented({ comment, signatures, getSignature, type }: Reflection): boolean {
  if ((comment?.summary.length ?? 0) > 0) return true;
  return [...(signatures ?? []), ...(type?.declaration?.signatures ?? []), getSignature].some(
    (signature) => signature !== undefined && isDocumented(signature),
  );
}
