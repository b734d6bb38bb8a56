import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist', 'data', 'node_modules', 'coverage', '.dependency-cruiser.cjs', 'bin', '*.config.js'] },
  eslint.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'max-lines': ['error', { max: 400, skipBlankLines: false }],
      'no-console': 'error',
    },
  },
  // Plain scripts: run by node as they are, outside the TypeScript project, and they talk to a terminal.
  {
    files: ['scripts/**/*.mjs', 'test/golden/*.mjs'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
    rules: { 'no-console': 'off' },
  },
  // Served to browsers as they are.
  {
    files: ['src/features/*/page/*.js'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      globals: Object.fromEntries(
        ['document', 'location', 'history', 'localStorage', 'fetch', 'addEventListener', 'DOMPoint'].map(
          (name) => [name, 'readonly'],
        ),
      ),
    },
  },
  { files: ['test/**', '**/*.spec.ts'], rules: { 'max-lines': ['error', 500] } },
);
