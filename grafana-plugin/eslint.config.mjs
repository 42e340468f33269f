import { defineConfig } from 'eslint/config';
import baseConfig from './.config/eslint.config.mjs';

export default defineConfig([
  {
    ignores: [
      'dist/',
      'node_modules/',
      '.config/',
      'src/queries/**/*.test.ts',
      'src/queries/**/*.itest.ts',
      'src/queries/testing/',
    ],
  },
  ...baseConfig,
  {
    files: ['src/**/*.{ts,tsx}'],
    rules: {
      'max-lines': ['error', { max: 300, skipBlankLines: false, skipComments: false }],
      'no-console': 'error',
      // Types are imported in a statement of their own.
      'no-duplicate-imports': 'off',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-deprecated': 'error',
    },
  },
  {
    files: ['src/queries/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['@grafana/*', 'react*'], message: 'Queries run in plain Node.' }] },
      ],
    },
  },
]);
