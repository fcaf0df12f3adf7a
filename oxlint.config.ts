// Lint rules, and the machine that holds the import arrows: core <- openai, ai-sdk, history, mcp, otel, server, testkit <- config <- chapters.
import { defineConfig, type OxlintConfig } from 'oxlint';
import { ROOMS, roomRules } from './lint-rooms.ts';

const noPaths = {
  regex: String.raw`\.\./(?:.*/)?(?:packages|tutorials|core|openai|ai-sdk|history|json-schema|mcp|otel|server|config|testkit|parity)/(?:[^/]+/)?(?:src|test|dist)(?:/|$)`,
  message: 'Import another package by its public entry, not by a path.',
};
const noDeepEntries = {
  regex: '^@turnstream/[^/]+/(?:src|dist|test)(?:/|$)',
  message: 'Import a public entry of the package.',
};
const onlyCore = {
  group: ['@turnstream/*', '@turnstream/*/**', '!@turnstream/core', '!@turnstream/core/seams'],
  message: 'This package imports core and no other package of the workspace.',
};
const nothing = { regex: '^[^.]', message: 'core imports nothing: it runs in Node, browsers and at the edge.' };
const ownFolder = { regex: String.raw`^\.\./`, message: 'A chapter imports public entries and its own files.' };
const noProcess = ['node:process', 'process'].map((name) => ({ name, message: 'Use the global process.' }));
const onlyConfigReadsEnv = 'Only packages/config reads the environment.';

// An override replaces the rule it names, so each room repeats the patterns of its package.
const betweenRooms: NonNullable<OxlintConfig['overrides']> = Object.keys(ROOMS).flatMap((name) =>
  roomRules(name).map(({ files, pattern }) => ({
    files,
    rules: {
      'eslint/no-restricted-imports': [
        'error',
        name === 'core'
          ? { patterns: [noPaths, nothing, pattern] }
          : { paths: noProcess, patterns: [noPaths, noDeepEntries, onlyCore, pattern] },
      ],
    },
  })),
);

const config: OxlintConfig = defineConfig({
  plugins: ['typescript', 'unicorn', 'import', 'promise', 'node', 'vitest'],
  categories: { correctness: 'error', suspicious: 'warn' },
  rules: {
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/await-thenable': 'error',
    // `return` without `await` disposes what `using` holds before the work is done.
    'typescript/return-await': ['error', 'error-handling-correctness-only'],
    'typescript/switch-exhaustiveness-check': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/no-non-null-assertion': 'error',
    'typescript/ban-ts-comment': 'error',
    'typescript/no-unsafe-type-assertion': 'off',
    'import/no-cycle': ['error', { ignoreTypes: false }],
    'import/no-default-export': 'error',
    'eslint/max-lines': ['error', { max: 250 }],
    // Importing the matchers is what registers them.
    'import/no-unassigned-import': [
      'warn',
      { allow: ['**/matchers/index.ts', '@turnstream/testkit/matchers', '**/*.css'] },
    ],
    'eslint/no-restricted-imports': ['error', { patterns: [noPaths, noDeepEntries] }],
    'import/no-named-as-default-member': 'off',
    'promise/always-return': 'off',
    'typescript/consistent-return': 'off',
    'eslint/no-control-regex': 'off',
    'eslint/no-unexpected-multiline': 'off',
    'eslint/no-underscore-dangle': 'off',
    'unicorn/consistent-function-scoping': 'off',
    'vitest/require-to-throw-message': 'off',
    'vitest/require-mock-type-parameters': 'off',
  },
  overrides: [
    {
      files: ['packages/*/src/**', 'tutorials/*/*.ts'],
      rules: {
        'eslint/max-lines-per-function': ['error', { max: 40, skipComments: true, skipBlankLines: true }],
      },
    },
    { files: ['packages/*/src/**'], rules: { 'eslint/no-console': 'error' } },
    { files: ['packages/samples/src/**'], rules: { 'eslint/no-console': 'off' } },
    {
      // A contract gets its titles and its assertions from data.
      files: ['packages/testkit/src/contracts/*.ts'],
      rules: { 'vitest/valid-title': 'off', 'vitest/expect-expect': 'off' },
    },
    {
      files: ['packages/{core,openai,ai-sdk,history,json-schema,mcp,otel,server,testkit}/src/**', 'tutorials/*/*.ts'],
      rules: {
        'eslint/no-restricted-properties': [
          'error',
          { object: 'process', property: 'env', message: onlyConfigReadsEnv },
          { object: 'globalThis', property: 'process', message: onlyConfigReadsEnv },
        ],
      },
    },
    {
      files: ['packages/core/src/**'],
      rules: {
        'eslint/no-restricted-imports': ['error', { patterns: [noPaths, nothing] }],
        'eslint/no-restricted-globals': ['error', 'process', 'Buffer', 'global', 'setImmediate', 'clearImmediate'],
      },
    },
    {
      files: ['packages/{openai,ai-sdk,history,json-schema,mcp,otel,server,testkit}/src/**'],
      rules: {
        'eslint/no-restricted-imports': ['error', { paths: noProcess, patterns: [noPaths, noDeepEntries, onlyCore] }],
      },
    },
    ...betweenRooms,
    {
      files: ['tutorials/*/*.ts'],
      rules: { 'eslint/no-restricted-imports': ['error', { paths: noProcess, patterns: [ownFolder, noDeepEntries] }] },
    },
    {
      files: ['**/vitest.{config,shared,by-name,long,real-model}.ts', '**/.vitepress/**', 'oxlint.config.ts'],
      rules: { 'import/no-default-export': 'off', 'eslint/no-restricted-imports': 'off' },
    },
    {
      files: ['**/test/**'],
      rules: {
        // Constructing is what the test does; what comes of it is asserted elsewhere.
        'eslint/no-new': 'off',
        'typescript/no-non-null-assertion': 'off',
        'typescript/unbound-method': 'off',
        'vitest/expect-expect': 'off',
        // A test behind `test.skipIf(...)` in a constant is not recognized; .ci/run fails on skips that need no model.
        'vitest/no-disabled-tests': 'off',
        'vitest/no-standalone-expect': 'off',
        'vitest/valid-title': 'off',
        'vitest/no-conditional-expect': 'off',
      },
    },
  ],
  ignorePatterns: ['**/dist/**'],
});

export default config;
