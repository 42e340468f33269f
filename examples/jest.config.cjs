/** The examples with their real packages: `npm run test:examples`. They install, so they are no part of `npm test`. */
const [, integration] = require('../jest.config.cjs').projects;

module.exports = {
  ...integration,
  displayName: 'examples',
  rootDir: '..',
  roots: ['<rootDir>/examples'],
  // The registries may be slow.
  testTimeout: 600_000,
};
