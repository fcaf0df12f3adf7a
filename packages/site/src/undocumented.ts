// The public names without a description.
import type { Reflection } from './api.ts';

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
