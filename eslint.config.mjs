import js from '@eslint/js';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist', 'dist.new', 'bench/built', 'cdktf.out', 'node_modules', 'coverage'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts'],
    rules: {
      eqeqeq: 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off', // noUncheckedIndexedAccess asks for them where an index was just checked
      '@typescript-eslint/switch-exhaustiveness-check': 'off',
    },
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
