/** Made-up values of each shape, put together from parts so that no file holds one in a piece. */
const MIXED = 'aB3dE6gH9jK2mN5pQ8rS1tV4wX7yZ0cF3hJ6kL9nP2qR5sT8uW1vY4zA7bD0eG3iM6oU9xC2fI5lO8rH1kN4pQ7tS';
const HEX = '3fa9c07be2d41856';

function mixed(length: number): string {
  return MIXED.repeat(2).slice(0, length);
}

export const sampleSecrets: Readonly<Record<string, string>> = {
  'spanledger-key': ['sl', 'ingest', mixed(24), HEX.slice(0, 8)].join('_'),
  'openai-api-key': ['sk', 'proj', mixed(120)].join('-'),
  'anthropic-api-key': ['sk', 'ant', 'api03', `${mixed(91)}AA`].join('-'),
  'openrouter-api-key': ['sk', 'or', 'v1', HEX.repeat(4)].join('-'),
  'langfuse-secret-key': ['sk', 'lf', '3fa9c07b', 'e2d4', '4185', '9fa9', 'c07be2d41856'].join('-'),
  'sk-api-key': ['sk', mixed(48)].join('-'),
  'groq-api-key': ['gsk', mixed(52)].join('_'),
  'xai-api-key': ['xai', mixed(80)].join('-'),
  'perplexity-api-key': ['pplx', mixed(48)].join('-'),
  'huggingface-token': ['hf', mixed(90).replace(/[0-9]/g, '').slice(0, 34)].join('_'),
  'nvidia-api-key': ['nvapi', mixed(64)].join('-'),
  'replicate-api-token': ['r8', mixed(37)].join('_'),
  'langsmith-api-key': ['lsv2', 'pt', HEX.repeat(2), HEX.slice(0, 10)].join('_'),
  'pinecone-api-key': ['pcsk', mixed(6), mixed(60)].join('_'),
  'google-api-key': ['AI', 'za', mixed(35)].join(''),
  'google-oauth-secret': ['GOCSPX', mixed(28)].join('-'),
  'github-token': ['ghp', mixed(36)].join('_'),
  'gitlab-token': ['glpat', mixed(20)].join('-'),
  'slack-token': ['xoxb', '204815162342', '108204815162', mixed(24)].join('-'),
  'slack-webhook': ['hooks.slack.com', 'services', 'T0A1B2C3D', 'B0A1B2C3D', mixed(24)].join('/'),
  'stripe-api-key': ['sk', 'live', mixed(24)].join('_'),
  'npm-token': ['npm', mixed(36)].join('_'),
  'sendgrid-api-key': ['SG', mixed(22)].join('.'),
  'digitalocean-token': ['dop', 'v1', HEX.repeat(4)].join('_'),
  'grafana-token': ['glsa', mixed(32), HEX.slice(0, 8)].join('_'),
  'shopify-token': ['shpat', HEX.repeat(2)].join('_'),
  'aws-access-key-id': ['AK', 'IA', 'Q7ZL2MN4XK5VRT3W'].join(''),
  'azure-api-key': [mixed(52), 'JQQ', 'J99', mixed(26)].join(''),
  jwt: [
    Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url'),
    Buffer.from('{"sub":"1234567890","iat":1516239022}').toString('base64url'),
    mixed(43),
  ].join('.'),
};
