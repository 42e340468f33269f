import tseslint from 'typescript-eslint';
import importX from 'eslint-plugin-import-x';

const stages = ['receive', 'normalise', 'price', 'guard', 'rows', 'ledger', 'write', 'settle', 'audit', 'forward'];

/** A stage may import the nouns and its own folder, never another stage: the flow is read in pipeline.ts. */
const stageFences = stages.map((stage) => ({
  target: `./collector/src/${stage}`,
  from: './collector/src',
  except: [
    `./${stage}`,
    ...[
      'span',
      'span-row',
      'stored-call',
      'otlp',
      'errors',
      'metrics',
      'log',
      'config',
      'table-rows',
      'stable-hash',
    ].map((f) => `./${f}.ts`),
    './testing',
  ],
  message: `The ${stage} stage may not import another stage; join them in pipeline.ts or collector.ts.`,
}));

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      'coverage/**',
      'data/**',
      '**/fixtures/**',
      'grafana-plugin/*.*',
      'grafana-plugin/.config/**',
      'grafana-plugin/e2e/**',
      'grafana-plugin/src/*.*',
      'grafana-plugin/src/!(queries)/**',
    ],
  },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    plugins: { 'import-x': importX },
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.tests.json', './grafana-plugin/tsconfig.queries.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    settings: { 'import-x/resolver': { typescript: true, node: true } },
    rules: {
      'max-lines': ['error', { max: 300, skipBlankLines: false, skipComments: false }],
      'no-console': ['error'],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      'import-x/no-cycle': 'error',
      'import-x/no-restricted-paths': ['error', { zones: stageFences }],
    },
  },
  {
    files: ['**/*.test.ts', '**/*.itest.ts', '**/testing/**/*.ts', '**/test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      'import-x/no-restricted-paths': 'off',
    },
  }
);
