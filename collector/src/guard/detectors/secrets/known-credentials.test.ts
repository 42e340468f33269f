import { createTextInspector } from '../../inspect-text.ts';
import { detectors } from '../../detectors.ts';
import { contextAt } from '../../rule-scope.ts';

/**
 * The kinds of credentials that scanners of repositories know (their names are those of the widely used gitleaks rules), each
 * as it is written somewhere. {alphabet:length} stands for random characters, so that no file holds a key.
 */
const CREDENTIALS = `
1password-secret-key | A3-{AZ09:6}-{AZ09:11}-{AZ09:5}-{AZ09:5}-{AZ09:5}
1password-service-account-token | ops_eyJ{b62:250}
adafruit-api-key | ADAFRUIT_API_KEY={az09:32}
adobe-client-secret | p8e-{az09:32}
age-secret-key | AGE-SECRET-KEY-1{AZ09:58}
airtable-api-key | airtable_api_key = "key{az09:14}"
airtable-personnal-access-token | pat{b62:14}.{hex:64}
algolia-api-key | algolia_api_key: '{hex:32}'
alibaba-access-key-id | LTAI{b62:20}
alibaba-secret-key | alibaba_secret_key = "{b62:30}"
anthropic-admin-api-key | sk-ant-admin01-{b62:93}AA
anthropic-api-key | sk-ant-api03-{b62:93}AA
artifactory-api-key | AKCp{b62:69}
artifactory-reference-token | cmVmd{b62:59}
asana-client-secret | asana_client_secret = "{az09:32}"
atlassian-api-token | jira_api_token = "{az09:20}{hex:4}"
authress-service-client-access-key | authress_{az09:12}.{az09:5}.acc_{az09:20}.{b62:48}
aws-access-token | AKIA{AZ27:16}
aws-amazon-bedrock-api-key-long-lived | ABSK{b62:120}
aws-amazon-bedrock-api-key-short-lived | bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t{b62:80}
azure-ad-client-secret | {b62:3}8Q~{b62:34}
beamer-api-token | beamer_api_token = "b_{az09:44}"
bitbucket-client-secret | bitbucket_client_secret = "{az09:64}"
bittrex-access-key | bittrex_access_key = "{az09:32}"
bittrex-secret-key | bittrex_secret_key = "{az09:32}"
cisco-meraki-api-key | meraki_api_key = "{hex:40}"
clickhouse-cloud-api-secret-key | 4b1d{b62:38}
clojars-api-token | CLOJARS_{az09:60}
cloudflare-api-key | cloudflare_api_key = "{az09:40}"
cloudflare-global-api-key | cloudflare_global_api_key = "{hex:37}"
cloudflare-origin-ca-key | v1.0-{hex:24}-{hex:146}
codecov-access-token | codecov_token = "{az09:32}"
cohere-api-token | CO_API_KEY={b62:40}
coinbase-access-token | coinbase_access_token = "{az09:64}"
confluent-access-token | confluent_access_token = "{az09:16}"
confluent-secret-key | confluent_secret_key = "{az09:64}"
contentful-delivery-api-token | contentful_delivery_token = "{b62:43}"
curl-auth-header | curl -H "Authorization: Bearer {b62:32}" https://api.example.org
curl-auth-user | curl -u ada:{b62:14} https://api.example.org
databricks-api-token | dapi{hex:32}
datadog-access-token | datadog_api_key = "{az09:40}"
defined-networking-api-token | dnkey-{AZ09:26}-{AZ09:52}
digitalocean-access-token | doo_v1_{hex:64}
digitalocean-pat | dop_v1_{hex:64}
digitalocean-refresh-token | dor_v1_{hex:64}
discord-api-token | discord_api_token = "{hex:64}"
discord-client-secret | discord_client_secret = "{b62:32}"
doppler-api-token | dp.pt.{b62:43}
droneci-access-token | droneci_access_token = "{az09:32}"
dropbox-api-token | dropbox_api_token = "{az09:15}"
dropbox-long-lived-api-token | dropbox_token = "{az09:11}AAAAAAAAAA{b62:43}"
dropbox-short-lived-api-token | dropbox_token = "sl.{b62:135}"
duffel-api-token | duffel_test_{b62:43}
dynatrace-api-token | dt0c01.{AZ09:24}.{AZ09:64}
easypost-api-token | EZAK{b62:54}
easypost-test-api-token | EZTK{b62:54}
etsy-access-token | etsy_access_token = "{az09:24}"
facebook-access-token | {09:15}|{b62:27}
facebook-page-access-token | EAAM{b62:110}
facebook-secret | facebook_secret = "{hex:32}"
fastly-api-token | fastly_api_token = "{b62:32}"
finicity-api-token | finicity_api_token = "{hex:32}"
finicity-client-secret | finicity_client_secret = "{az09:20}"
finnhub-access-token | finnhub_token = "{az09:20}"
flickr-access-token | flickr_access_token = "{az09:32}"
flutterwave-encryption-key | FLWSECK_TEST-{hex:12}
flutterwave-public-key | FLWPUBK_TEST-{hex:32}-X
flutterwave-secret-key | FLWSECK_TEST-{hex:32}-X
flyio-access-token | fo1_{b62:43}
frameio-api-token | fio-u-{b62:64}
freemius-secret-key | 'secret_key' => 'sk_{b62:29}'
freshbooks-access-token | freshbooks_access_token = "{az09:64}"
gcp-api-key | AIza{b62:35}
generic-api-key | api_key = "{b62:24}"
github-app-token | github_token = "ghs_{b62:36}"
github-fine-grained-pat | github_pat_{b62:22}_{b62:59}
github-oauth | GITHUB_OAUTH_TOKEN=gho_{b62:36}
github-pat | GITHUB_TOKEN=ghp_{b62:36}
github-refresh-token | refresh_token = "ghr_{b62:36}"
gitlab-cicd-job-token | glcbt-64_{b62:20}
gitlab-deploy-token | gldt-{b62:20}
gitlab-feature-flag-client-token | glffct-{b62:20}
gitlab-feed-token | glft-{b62:20}
gitlab-incoming-mail-token | glimt-{b62:25}
gitlab-kubernetes-agent-token | glagent-{b62:50}
gitlab-oauth-app-secret | gloas-{b62:64}
gitlab-pat | glpat-{b62:20}
gitlab-pat-routable | glpat-{b62:27}.0z{az09:7}
gitlab-ptt | glptt-{hex:40}
gitlab-rrt | GR1348941{b62:20}
gitlab-runner-authentication-token | glrt-{b62:20}
gitlab-runner-authentication-token-routable | glrt-t1_{b62:27}.0z{az09:7}
gitlab-scim-token | glsoat-{b62:20}
gitlab-session-cookie | _gitlab_session={hex:32}
gitter-access-token | gitter_access_token = "{az09:40}"
gocardless-api-token | gocardless_api_token = "live_{b62:40}"
grafana-api-key | eyJrIjoi{b62:80}
grafana-cloud-api-token | glc_{b62:60}
grafana-service-account-token | glsa_{b62:32}_{hex:8}
harness-api-key | pat.{b62:22}.{b62:24}.{b62:20}
hashicorp-tf-api-token | {b62:14}.atlasv1.{b62:64}
hashicorp-tf-password | administrator_login_password = "{b62:16}"
heroku-api-key | heroku_api_key = "{uuid}"
heroku-api-key-v2 | HRKU-AA{b62:58}
hubspot-api-key | hubspot_api_key = "{uuid}"
huggingface-access-token | hf_{aZ:34}
huggingface-organization-api-token | api_org_{aZ:34}
infracost-api-token | ico-{b62:32}
intercom-api-key | intercom_api_key = "{b62:60}"
intra42-client-secret | s-s4t2ud-{hex:64}
jfrog-api-key | jfrog_api_key = "{az09:73}"
jfrog-identity-token | artifactory_identity_token = "{az09:64}"
jwt | {jwt}
jwt-base64 | {jwt64}
kraken-access-token | kraken_access_token = "{b62:86}"
kubernetes-secret-yaml | kind: Secret\\nmetadata:\\n  name: x\\ndata:\\n  token: {b62:28}\\n
kucoin-access-token | kucoin_access_token = "{hex:24}"
kucoin-secret-key | kucoin_secret_key = "{uuid}"
launchdarkly-access-token | launchdarkly_access_token = "{b62:40}"
linear-api-key | lin_api_{b62:40}
linear-client-secret | linear_client_secret = "{hex:32}"
linkedin-client-secret | linkedin_client_secret = "{b62:16}"
lob-api-key | lob_api_key = "live_{hex:35}"
lob-pub-api-key | lob_pub_key = "test_pub_{hex:31}"
looker-client-secret | looker_client_secret = "{az09:24}"
mailchimp-api-key | mailchimp_api_key = "{hex:32}-us20"
mailgun-private-api-token | mailgun_api_key = "key-{hex:32}"
mailgun-pub-key | mailgun_pub_key = "pubkey-{hex:32}"
mailgun-signing-key | mailgun_signing_key = "{hex:32}-{hex:8}-{hex:8}"
mapbox-api-token | mapbox_token = "pk.{b62:60}.{b62:22}"
mattermost-access-token | mattermost_access_token = "{az09:26}"
maxmind-license-key | {b62:6}_{b62:29}_mmk
messagebird-api-token | messagebird_api_token = "{b62:25}"
microsoft-teams-webhook | https://contoso.webhook.office.com/webhookb2/{uuid}@{uuid}/IncomingWebhook/{hex:32}/{uuid}
netlify-access-token | netlify_access_token = "{b62:43}"
new-relic-browser-api-token | NEW_RELIC_KEY=NRJS-{hex:19}
new-relic-insert-key | NEW_RELIC_INSERT_KEY=NRII-{b62:32}
new-relic-user-api-id | new_relic_api_key = "{az09:64}"
new-relic-user-api-key | NRAK-{AZ09:27}
notion-api-token | ntn_{09:11}{b62:35}
npm-access-token | npm_{b62:36}
nuget-config-password | <add key="ClearTextPassword" value="{b62:14}" />
nytimes-access-token | nytimes_access_token = "{b62:32}"
octopus-deploy-api-key | API-{AZ09:26}
okta-access-token | okta_api_token = "00{b62:40}"
openai-api-key | sk-proj-{b62:74}T3BlbkFJ{b62:74}
openshift-user-token | sha256~{b62:43}
perplexity-api-key | pplx-{b62:48}
plaid-api-token | access-production-{uuid}
plaid-secret-key | plaid_secret_key = "{hex:30}"
planetscale-api-token | pscale_tkn_{b62:43}
planetscale-oauth-token | pscale_oauth_{b62:43}
planetscale-password | pscale_pw_{b62:43}
postman-api-token | PMAK-{hex:24}-{hex:34}
prefect-api-token | pnu_{b62:36}
private-key | -----BEGIN RSA PRIVATE KEY-----\\n{b62:64}\\n{b62:64}\\n-----END RSA PRIVATE KEY-----
privateai-api-token | private_ai_token = "{az09:32}"
pulumi-api-token | pul-{hex:40}
pypi-upload-token | pypi-AgEIcHlwaS5vcmc{b62:80}
rapidapi-access-token | rapidapi_key = "{az09:50}"
readme-api-token | rdme_{az09:70}
rubygems-api-token | rubygems_{hex:48}
scalingo-api-token | tk-us-{b62:48}
sendbird-access-token | sendbird_access_token = "{hex:40}"
sendgrid-api-token | SG.{b62:22}.{b62:43}
sendinblue-api-token | xkeysib-{hex:64}-{az09:16}
sentry-access-token | sentry_auth_token = "{hex:64}"
sentry-org-token | sntrys_eyJpYXQiO{b62:60}LCJyZWdpb25fdXJs{b62:40}_{b62:43}
sentry-user-token | sntryu_{hex:64}
settlemint-application-access-token | sm_aat_{b62:16}
settlemint-personal-access-token | sm_pat_{b62:16}
settlemint-service-access-token | sm_sat_{b62:16}
shippo-api-token | shippo_live_{hex:40}
shopify-access-token | shpat_{hex:32}
shopify-custom-access-token | shpca_{hex:32}
shopify-private-app-access-token | shppa_{hex:32}
shopify-shared-secret | shpss_{hex:32}
sidekiq-secret | BUNDLE_ENTERPRISE__CONTRIBSYS__COM={hex:8}:{hex:8}
sidekiq-sensitive-url | https://{hex:8}:{hex:8}@gems.contribsys.com/
slack-app-token | xapp-1-A{AZ09:10}-{09:13}-{hex:64}
slack-bot-token | xoxb-{09:12}-{09:12}-{b62:24}
slack-config-access-token | xoxe.xoxp-1-{b62:164}
slack-config-refresh-token | xoxe-1-{b62:146}
slack-legacy-bot-token | xoxb-{09:12}-{b62:24}
slack-legacy-token | xoxs-{09:12}-{09:12}-{09:12}-{hex:32}
slack-legacy-workspace-token | xoxa-2-{b62:40}
slack-user-token | xoxp-{09:12}-{09:12}-{09:12}-{hex:32}
slack-webhook-url | https://hooks.slack.com/workflows/{b62:46}
snyk-api-token | SNYK_TOKEN={uuid}
sonar-api-token | sonar.login={hex:40}
sourcegraph-access-token | sgp_{hex:16}_{hex:40}
square-access-token | EAAA{b62:60}
squarespace-access-token | squarespace_access_token = "{uuid}"
stripe-access-token | sk_live_{b62:24}
sumologic-access-token | sumologic_access_token = "{b62:64}"
telegram-bot-api-token | {09:10}:A{b62:34}
travisci-access-token | travis_token = "{b62:22}"
twilio-api-key | SK{hex:32}
twitch-api-token | twitch_token = "{az09:30}"
twitter-access-secret | twitter_access_secret = "{b62:45}"
twitter-access-token | twitter_access_token = "{09:19}-{b62:40}"
twitter-api-key | twitter_api_key = "{b62:25}"
twitter-api-secret | twitter_api_secret = "{b62:50}"
twitter-bearer-token | twitter_bearer_token = "AAAAAAAAAAAAAAAAAAAAAA{b62:90}"
typeform-api-token | tfp_{b62:59}
vault-batch-token | hvb.{b62:138}
vault-service-token | hvs.{b62:92}
yandex-access-token | t1.{b62:43}.{b62:86}
yandex-api-key | AQVN{b62:36}
yandex-aws-access-token | YC{b62:38}
zendesk-secret-key | zendesk_secret_key = "{az09:40}"
`;
/** Identifiers that such scanners report as well: public by design, no reason to change a text. */
const IDENTIFIERS = [
  'asana_client_id = "1201234567890123"',
  'discord_client_id = "112233445566778899"',
  'sendbird_access_id = "3fa9c07b-e2d4-4185-9fa9-c07be2d41856"',
];
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const LOWER = UPPER.toLowerCase();
const ALPHABETS: Readonly<Record<string, string>> = {
  '09': '0123456789',
  hex: '0123456789abcdef',
  az09: `${LOWER}0123456789`,
  AZ09: `${UPPER}0123456789`,
  AZ27: `${UPPER}234567`,
  aZ: UPPER + LOWER,
  b62: `${UPPER}${LOWER}0123456789`,
};
const UUID = '{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}';
const VARIANTS = 3;
const inspector = createTextInspector({ version: '1', detectors, actions: new Map() });

function createRandom(): () => number {
  let state = 42;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 4294967296;
}

const random = createRandom();

function characters(alphabet: string, length: number): string {
  const from = ALPHABETS[alphabet] ?? '';
  const digits = /[0-9]/.test(from) ? Math.min(3, Math.floor(length / 6)) : 0;
  for (;;) {
    const text = Array.from({ length }, () => from.charAt(Math.floor(random() * from.length))).join('');
    if (text.replaceAll(/[^0-9]/g, '').length >= digits) return text;
  }
}

function jsonWebToken(): string {
  const parts = ['{"alg":"HS256","typ":"JWT"}', '{"sub":"1234567890","name":"Ada"}'];
  return [...parts.map((part) => Buffer.from(part).toString('base64url')), characters('b62', 43)].join('.');
}

function fill(template: string, part: (alphabet: string, length: number) => string, token: () => string): string {
  return template
    .replaceAll('\\n', '\n')
    .replaceAll('{uuid}', UUID)
    .replaceAll('{jwt}', token)
    .replaceAll('{jwt64}', () => Buffer.from(token()).toString('base64'))
    .replaceAll(/\{(\w+):(\d+)\}/g, (_, alphabet: string, length: string) => part(alphabet, Number(length)));
}

function secretsIn(text: string): number {
  if (!inspector.mayHold(text, 'attribute')) return 0;
  const verdicts = inspector.inspect(text, { steps: 0 }, contextAt('attribute'));
  return verdicts.filter(({ detector }) => detector.category === 'secret').length;
}

const credentials = CREDENTIALS.trim()
  .split('\n')
  .map((line) => [line.slice(0, line.indexOf(' | ')), line.slice(line.indexOf(' | ') + 3)] as const);

describe('credentials that scanners know', () => {
  it.each(credentials)('%s is found, and not when a placeholder stands in its place', (_, template) => {
    for (let variant = 0; variant < VARIANTS; variant += 1) {
      expect(secretsIn(`use ${fill(template, characters, jsonWebToken)} now`)).toBeGreaterThan(0);
    }
    const placeholder = fill(
      template,
      (_alphabet, length) => 'x'.repeat(length),
      () => 'x.x.x'
    );
    expect(secretsIn(`use ${placeholder} now`)).toBe(0);
  });

  it.each(IDENTIFIERS)('%s is an identifier', (text) => {
    expect(secretsIn(text)).toBe(0);
  });
});
