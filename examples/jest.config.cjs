/** What installs packages, so no part of `npm test`: the examples, and the image's content. `npm run test:examples`. */
const [, integration] = require('../jest.config.cjs').projects;

module.exports = {
  ...integration,
  displayName: 'examples',
  rootDir: '..',
  testMatch: ['**/examples/examples.itest.ts', '**/deploy/image-root.itest.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  // The registries may be slow; more than two installs and a run may take.
  testTimeout: 1_200_000,
};
