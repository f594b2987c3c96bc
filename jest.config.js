/** `unit` is fast and offline, `cdktn` is a part of it under another core, `e2e` runs real terraform against the emulator. */
const base = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['ts-jest', { useESM: true, tsconfig: 'tsconfig.json', diagnostics: false }] },
  modulePathIgnorePatterns: ['<rootDir>/cdktf.out', '<rootDir>/dist', '<rootDir>/.break-glass'],
};

export default {
  projects: [
    {
      ...base,
      displayName: 'unit',
      testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/__tests__/e2e/'],
    },
    {
      ...base,
      // The stacks once more under cdktf's continuation: moving there must not move a single resource address.
      displayName: 'cdktn',
      testMatch: ['<rootDir>/__tests__/stacks/**/*.test.ts'],
      moduleNameMapper: {
        '^cdktf$': '<rootDir>/node_modules/cdktn/lib/index.js',
        '^cdktf/(.*)$': '<rootDir>/node_modules/cdktn/$1',
      },
    },
    { ...base, displayName: 'e2e', testMatch: ['<rootDir>/__tests__/e2e/**/*.test.ts'] },
  ],
};
