// ESLint's configuration: the recommended rules for TypeScript, and this repository's rules for names
// (scripts/eslint/names.mjs).

import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import names from './scripts/eslint/names.mjs';

export default tseslint.config(
  { ignores: ['dist', 'dist.new', 'bench/built', 'cdktf.out', 'node_modules', 'coverage'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts'],
    rules: {
      eqeqeq: 'error',
      'no-useless-rename': 'error',
      'object-shorthand': ['error', 'properties'],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off', // noUncheckedIndexedAccess asks for them where an index was just checked
      '@typescript-eslint/switch-exhaustiveness-check': 'off',
    },
  },
  {
    files: ['lib/**/*.ts', 'cli/**/*.ts', 'driver/**/*.ts', 'constructs/**/*.ts'],
    // The public API of a test has names of its own.
    ignores: ['constructs/testing*.ts'],
    plugins: { names },
    rules: { 'names/exported-functions': 'error', 'names/plain-names': 'error' },
  },
  {
    files: ['__tests__/**/*.ts'],
    ignores: ['__tests__/properties.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { name: 'fast-check', message: '__tests__/randomly has it, with a limit of time.' },
      ],
    },
  },
);
