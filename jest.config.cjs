/** Two projects: unit tests run in parallel; integration tests (`*.itest.ts`) start real servers on loopback. */
const transform = {
  '^.+\\.ts$': [
    '@swc/jest',
    { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'commonjs' }, sourceMaps: 'inline' },
  ],
};
const roots = [
  '<rootDir>/collector',
  '<rootDir>/embedded-clickhouse',
  '<rootDir>/sql',
  '<rootDir>/grafana-plugin/src/queries',
  '<rootDir>/examples',
  '<rootDir>/deploy',
];
/** These install packages: `npm run test:examples`. */
const testPathIgnorePatterns = ['/node_modules/', '/examples/examples.itest.ts$', '/deploy/image-root.itest.ts$'];
const shared = {
  transform,
  roots,
  testEnvironment: 'node',
  modulePathIgnorePatterns: ['/dist/'],
  testPathIgnorePatterns,
};

module.exports = {
  projects: [
    { ...shared, displayName: 'unit', testMatch: ['**/*.test.ts'] },
    { ...shared, displayName: 'integration', testMatch: ['**/*.itest.ts'] },
  ],
  maxWorkers: 2,
  // Ends a test that hangs; no measure of speed, for a machine may be ten times slower than ours, or busy.
  testTimeout: 300_000,
  collectCoverageFrom: [
    'collector/src/**/*.ts',
    'embedded-clickhouse/src/**/*.ts',
    '!**/*.test.ts',
    '!**/*.itest.ts',
    '!**/testing/**',
  ],
  coverageProvider: 'v8',
};
