import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import rxjsX from 'eslint-plugin-rxjs-x';
import tseslint from 'typescript-eslint';
import { observableNames } from './scripts/lint/observableNames.mjs';

// Native ESM can't load `fp-ts/X`, only `fp-ts/lib/X.js`.
const fpTsPath = {
  regex: '^fp-ts(?!/lib/[A-Za-z]+\\.js$)',
  message: "Import 'fp-ts/lib/X.js': native ESM can't load 'fp-ts/X'.",
};
const sdkPath = {
  group: ['@aws-sdk/*', '@smithy/*'],
  message: 'Only src/client/aws.ts talks to the SDK; use the port (client/client.ts).',
};
const exportAll = {
  selector: 'ExportAllDeclaration',
  message: 'List the exports one by one: a door shows what it opens.',
};
const processEnv = {
  selector: "MemberExpression[object.property.name='process'][property.name='env']",
  message: 'The library reads no environment variable; the app passes them to configFromEnv.',
};

export default defineConfig(
  // bench/peers has a configuration of its own: its imports are not in this install.
  globalIgnores(['.build/', 'bench/.build/', 'bench/peers/', 'coverage/', 'dist/', 'temp/', '**/node_modules/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },

  {
    files: ['**/*.{js,mjs,cjs}'],
    extends: [js.configs.recommended],
    languageOptions: { globals: { console: 'readonly', process: 'readonly', module: 'writable', URL: 'readonly' } },
  },

  {
    files: ['{src,spec,examples,bench}/**/*.ts'],
    extends: [
      js.configs.recommended,
      tseslint.configs.strictTypeChecked,
      tseslint.configs.stylisticTypeChecked,
      rxjsX.configs.strict,
    ],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { local: { rules: { 'observable-names': observableNames } } },
    rules: {
      eqeqeq: 'error',
      'no-restricted-imports': ['error', { patterns: [fpTsPath] }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // Numbers in an error text or a queue name are what they look like.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `() => subject.next()` as a callback is RxJS's everyday shape.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // Objects here are closures: their methods have no `this` to lose. rxjs-x/no-unbound-methods still guards callbacks.
      '@typescript-eslint/unbound-method': 'off',
      // `_` marks what a signature demands and the body doesn't need.
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],

      // In place of rxjs-x/finnish; its file says why. `source` is what RxJS calls the Observable an operator is given.
      'local/observable-names': [
        'error',
        { functions: false, methods: false, names: { '^source$': false }, strict: true },
      ],
      // What a catch or a caller gave is passed on as it came.
      'rxjs-x/throw-error': ['error', { allowThrowingAny: false, allowThrowingUnknown: true }],
      // RxJS reports an error without a handler as unhandled; a handler written to please a rule would swallow it.
      'rxjs-x/no-ignored-error': 'off',
      // Likewise: the EmptyError of a source that must not be empty shows a defect, a default value hides it.
      'rxjs-x/no-ignored-default-value': 'off',
      // A stop ends what comes in and lets what is under way finish, so operators after takeUntil are the point.
      'rxjs-x/no-unsafe-takeuntil': 'off',
    },
  },

  {
    files: ['src/**/*.ts'],
    rules: {
      'no-console': 'error',
      'no-restricted-exports': [
        'error',
        { restrictDefaultExports: { direct: true, named: true, defaultFrom: true, namedFrom: true } },
      ],
      'no-restricted-syntax': ['error', exportAll, processEnv],
      'no-restricted-properties': ['error', { object: 'process', property: 'env', message: processEnv.message }],
      'no-restricted-imports': [
        'error',
        { paths: ['process', 'node:process'].map((name) => ({ name })), patterns: [fpTsPath, sdkPath] },
      ],
    },
  },
  {
    files: ['src/client/aws.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [fpTsPath] }] },
  },

  {
    files: ['spec/**/*.ts'],
    rules: {
      // chai's `expect(x).to.be.true` is an expression.
      '@typescript-eslint/no-unused-expressions': 'off',
      // Marble specs name their Observables as the diagrams do: source, result, expected.
      'local/observable-names': 'off',
    },
  },
);
