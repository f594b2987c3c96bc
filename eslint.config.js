import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

const coreDoor = {
  paths: [
    {
      name: '@cdktf/provider-aws',
      message: 'Import one resource: @cdktf/provider-aws/lib/<resource>/index.js (the barrel loads 500 MB).',
    },
    { name: 'cdktf', message: 'Import the cdktf core through src/cdktf.ts, the only door to it.' },
  ],
};

export default tseslint.config(
  { ignores: ['cdktf.out/', 'dist/', 'state/', '.break-glass/', 'coverage/'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  prettier,
  {
    languageOptions: {
      globals: { performance: 'readonly', process: 'readonly', console: 'readonly', URL: 'readonly' },
    },
    rules: {
      'no-restricted-imports': ['error', coreDoor],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
    },
  },
  { files: ['src/cdktf.ts'], rules: { 'no-restricted-imports': 'off' } },
  { files: ['src/**/*.ts'], rules: { 'no-console': 'error' } },
);
