import { defaultGuardPolicy } from '../../guard-policy.ts';
import { createTextInspector } from '../../inspect-text.ts';
import { contextAt } from '../../rule-scope.ts';

const inspector = createTextInspector(defaultGuardPolicy);

function found(text: string): readonly string[] {
  if (!inspector.mayHold(text, 'attribute')) return [];
  return inspector.inspect(text, { steps: 0 }, contextAt('attribute')).map(({ start, end }) => text.slice(start, end));
}

describe('secrets that are assigned to a name', () => {
  it.each([
    ['DB_PASSWORD=hotelSierra9', 'hotelSierra9'],
    ['password: gqcxkatd\nuser: ada', 'gqcxkatd'],
    ["login(user='ada', password='b3alaov5k')", 'b3alaov5k'],
    ['{"client_secret": "q8Zr2LmX0pTv"}', 'q8Zr2LmX0pTv'],
    ['const apiKey: string = "k3Jd82hfLs01Qz"', 'k3Jd82hfLs01Qz'],
    ['System.setProperty("ACME_TOKEN", "k3jd82hfls01qz77")', 'k3jd82hfls01qz77'],
    ['run --token k3jd82hfls01qz77 --verbose', 'k3jd82hfls01qz77'],
    ['<password>h0telSierra</password>', 'h0telSierra'],
    ['<add key="DbPassword" value="h0telSierra" />', 'h0telSierra'],
    ["CREATE USER ada WITH PASSWORD 'h0telSierra'", 'h0telSierra'],
    ['the password is h0telSierra9.', 'h0telSierra9'],
    ['Authorization: Bearer k3Jd82hfLs01QzV9', 'k3Jd82hfLs01QzV9'],
    ['curl -u ada:h0telSierra https://host/', 'h0telSierra'],
    ['kind: Secret\nmetadata:\n  name: x\ndata:\n  key: bXlwYXNzd29yZA==\n', 'bXlwYXNzd29yZA=='],
    ['{"kty":"oct","k":"FyCq1CKBflh3I5gikEjpYrdOXllzxB"}', 'FyCq1CKBflh3I5gikEjpYrdOXllzxB'],
  ])('are found in %s', (text, value) => {
    expect(found(text)).toEqual([value]);
  });

  it.each([
    'DB_PASSWORD=${DB_PASSWORD}',
    'password: ********',
    'api_key = "<your-api-key>"',
    'const token = process.env.GITHUB_TOKEN;',
    'token = extract(ctx)',
    'password = config.password',
    'The password policy requires 12 characters.',
    '"access_token_url": "https://host/oauth/access_token"',
    '"token_type": "bearer", "max_tokens": 4096',
    'primary_key = "a8f5f167f44f4964e6c998dee827110c"',
    'sha256: 9b7a312ff0571fee62be628e1b2f980b',
    '"credentialId": "B9mTcFSck2LzJO2S3ols63"',
    'the key: value pairs of a map',
    'JOIN_TOKEN = "A_BEAUTIFUL_JOIN_TOKEN"',
    'password=[REDACTED:assigned-secret]',
  ])('are not seen in %s', (text) => {
    expect(found(text)).toEqual([]);
  });
});
