// What is used of sucrase, which is installed on demand.
declare module 'sucrase' {
  export function transform(
    code: string,
    options: { readonly transforms: readonly string[]; readonly disableESTransforms: boolean },
  ): { readonly code: string };
}
