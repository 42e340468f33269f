/** The fault cases that take minutes: `npm run test:faults`. One file at a time, for they kill processes and fill queues. */
const { projects } = require('./jest.config.cjs');

module.exports = {
  ...projects[1],
  displayName: 'faults',
  testMatch: ['**/*.faults.ts'],
  maxWorkers: 1,
  testTimeout: 300_000,
};
