// The door of @turnstream/server/page: what another page over the same server is served with, without a build step.
export { extension, type Folders, importMap, pageModules } from './modules.ts';
export { policyFor } from './policy.ts';
