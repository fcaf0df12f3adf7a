// The door of @turnstream/server/page: what another page over the same server is served with, without a build step.
export { compact } from './compact.ts';
export { extension, type Folders, IMMUTABLE, importMap, pageModules, versionOf } from './modules.ts';
export { policyFor } from './policy.ts';
export { chatStyles, stylesIn } from './styles.ts';
