import { BASE62, BASE64_SIGNS, BASE64URL, DASH, DIGIT, HEX, LOWER, UNDERSCORE, UPPER } from '../../character-class.ts';
import type { Detector } from '../../detector.ts';
import { createKeyDetector, entropyBits } from '../key-shape.ts';

const WORD = BASE62 + UNDERSCORE;
const LOWER_ALPHANUMERIC = LOWER + DIGIT;
const UPPER_ALPHANUMERIC = UPPER + DIGIT;
const BASE64 = BASE62 + BASE64_SIGNS;

type Row = readonly [
  rule: string,
  prefixes: readonly string[],
  alphabet: number,
  min: number,
  max: number,
  /** A body that is found, and one that is not. Neither is a key of anybody's. */
  positive: string,
  negative: string,
];

const B = 'aB3dE6gH9jK2mN5pQ8rS1tV4wX7yZ0cF3hJ6kL9nP2qR5sT8uW1vY4zA7bD0eG3iM6oU9xC2fI5lO8rH1kN4pQ7tS';
const H = '3fa9c07be2d418563fa9c07be2d418563fa9c07be2d418563fa9c07be2d41856';
const U = 'Q7ZL2MN4XK5VRT3WB8CF6GH9JD1PS0YAQ7ZL2MN4XK5VRT3WB8CF6GH9JD1PS0YA';
const L = 'q7zl2mn4xk5vrt3wb8cf6gh9jd1ps0yaq7zl2mn4xk5vrt3wb8cf6gh9jd1ps0yaq7zl2mn4xk5vrt3wb8';

/**
 * More keys that name their provider by a prefix, one row each: rule, prefixes, alphabet, shortest and longest body, an
 * example that is found and one that is not. Shapes are those of the providers' documentation and issued keys.
 */
export const keyTable: readonly Row[] = [
  ['vault-token', ['hvs.', 'hvb.', 'hvr.'], BASE64URL, 24, 300, B, 'makeKubeConfigController'],
  ['databricks-token', ['dapi'], HEX + DASH, 32, 40, H.slice(0, 32), 'api-client-for-everything'],
  ['twilio-key', ['SK', 'AC'], HEX, 32, 32, H.slice(0, 32), H.slice(0, 31)],
  ['sourcegraph-token', ['sgp_', 'slk_', 'sgd_'], WORD, 40, 80, H.slice(0, 40), H.slice(0, 20)],
  ['nats-seed', ['SU', 'SA', 'SO', 'SN', 'SC', 'SX'], UPPER_ALPHANUMERIC, 54, 58, U.slice(0, 56), U.slice(0, 40)],
  ['artifactory-key', ['AKCp', 'cmVmd'], BASE62, 58, 80, L.slice(0, 69), L.slice(0, 30)],
  ['aws-bedrock-key', ['ABSK', 'bedrock-api-key-'], BASE64, 60, 2000, B + B, B.slice(0, 40)],
  ['alibaba-access-key-id', ['LTAI'], BASE62, 16, 20, B.slice(0, 20), B.slice(0, 12)],
  ['atlassian-token', ['ATATT3', 'ATCTT3', 'ATBB'], BASE64URL, 24, 240, B, B.slice(0, 16)],
  ['brevo-key', ['xkeysib-', 'xsmtpsib-'], BASE62 + DASH, 60, 90, `${H}-aB3dE6gH9jK2mN5p`, H.slice(0, 20)],
  ['clickhouse-cloud-key', ['4b1d'], BASE62, 38, 38, B.slice(0, 38), B.slice(0, 30)],
  ['clojars-token', ['CLOJARS_'], LOWER_ALPHANUMERIC, 60, 60, L.slice(0, 60), L.slice(0, 20)],
  ['cloudflare-key', ['v1.0-'], HEX + DASH, 40, 180, H, H.slice(0, 20)],
  ['cloudflare-token', ['cfut_', 'cfat_', 'cfk_'], BASE62, 40, 60, B.slice(0, 48), B.slice(0, 20)],
  ['contentful-token', ['CFPAT-'], BASE64URL, 43, 64, B.slice(0, 43), B.slice(0, 20)],
  ['defined-networking-token', ['dnkey-'], BASE64URL, 60, 90, B.slice(0, 80), B.slice(0, 20)],
  [
    'discord-webhook',
    ['discord.com/api/webhooks/', 'discordapp.com/api/webhooks/'],
    WORD + DASH + BASE64_SIGNS,
    60,
    120,
    `847583649583746583/${B.slice(0, 68)}`,
    '847583649583746583',
  ],
  ['docker-token', ['dckr_pat_', 'dckr_oat_'], BASE64URL, 24, 40, B.slice(0, 27), B.slice(0, 10)],
  [
    'doppler-token',
    ['dp.pt.', 'dp.st.', 'dp.ct.', 'dp.sa.', 'dp.scim.', 'dp.audit.'],
    BASE62,
    40,
    48,
    B.slice(0, 43),
    B.slice(0, 20),
  ],
  ['dropbox-token', ['sl.', 'sl.u.'], BASE64URL, 130, 1400, B + B, B.slice(0, 60)],
  ['duffel-token', ['duffel_test_', 'duffel_live_'], BASE64URL, 36, 60, B.slice(0, 43), B.slice(0, 20)],
  ['dynatrace-token', ['dt0c01.', 'dt0s01.'], UPPER_ALPHANUMERIC, 24, 24, U.slice(0, 24), U.slice(0, 10)],
  ['easypost-key', ['EZAK', 'EZTK'], BASE62, 54, 54, B.slice(0, 54), B.slice(0, 20)],
  ['facebook-token', ['EAAM', 'EAAC', 'EAAG', 'EAAB', 'EAAD'], BASE62, 80, 400, B, B.slice(0, 30)],
  [
    'flutterwave-key',
    ['FLWSECK_TEST-', 'FLWSECK-', 'FLWPUBK_TEST-', 'FLWPUBK-'],
    HEX,
    12,
    32,
    H.slice(0, 32),
    H.slice(0, 4),
  ],
  ['fly-token', ['fm1_', 'fm2_', 'fo1_'], BASE64, 40, 1000, B, B.slice(0, 20)],
  ['frame-io-token', ['fio-u-'], BASE64URL, 60, 70, B.slice(0, 64), B.slice(0, 20)],
  ['gitlab-runner-token', ['GR1348941'], BASE64URL, 20, 24, B.slice(0, 20), B.slice(0, 8)],
  ['gitlab-session', ['_gitlab_session='], LOWER_ALPHANUMERIC, 32, 32, H.slice(0, 32), H.slice(0, 8)],
  ['gocardless-token', ['live_'], BASE64URL, 40, 42, B.slice(0, 40), B.slice(0, 20)],
  ['grafana-key', ['eyJrIjoi'], BASE64, 40, 500, B, B.slice(0, 10)],
  ['heroku-key', ['HRKU-'], BASE64URL, 36, 70, B.slice(0, 60), B.slice(0, 20)],
  [
    'hubspot-token',
    ['pat-na1-', 'pat-eu1-', 'pat-na2-'],
    HEX + DASH,
    36,
    36,
    '3fa9c07b-e2d4-4185-9fa9-c07be2d41856',
    H.slice(0, 8),
  ],
  ['infracost-key', ['ico-'], BASE62, 32, 32, B.slice(0, 32), B.slice(0, 20)],
  ['intra42-secret', ['s-s4t2ud-', 's-s4t2af-'], HEX, 64, 64, H, H.slice(0, 20)],
  ['kraken-key', ['kraken_sk_'], BASE64, 40, 90, B, B.slice(0, 10)],
  [
    'launchdarkly-key',
    ['sdk-', 'mob-', 'api-'],
    HEX + DASH,
    36,
    36,
    '3fa9c07b-e2d4-4185-9fa9-c07be2d41856',
    'client-for-everything',
  ],
  ['lob-key', ['live_pub_', 'test_pub_'], HEX, 31, 35, H.slice(0, 31), H.slice(0, 8)],
  ['mapbox-token', ['sk.eyJ1', 'pk.eyJ1', 'tk.eyJ1'], BASE64URL, 60, 300, B, B.slice(0, 20)],
  ['meraki-key', ['meraki_'], BASE62, 32, 64, B.slice(0, 40), B.slice(0, 8)],
  ['mistral-key', ['mistral_'], BASE62, 32, 64, B.slice(0, 40), B.slice(0, 8)],
  ['netlify-token', ['nfp_', 'nfc_', 'nfo_'], BASE62, 36, 44, B.slice(0, 40), B.slice(0, 8)],
  [
    'new-relic-ingest-key',
    ['NRJS-', 'NRII-', 'NRRA-', 'NRBR-', 'NRAA-', 'NRIQ-'],
    BASE64URL,
    19,
    50,
    H.slice(0, 19),
    H.slice(0, 8),
  ],
  ['octopus-key', ['API-'], UPPER_ALPHANUMERIC, 26, 26, U.slice(0, 26), 'GATEWAY'],
  ['openshift-token', ['sha256~'], BASE64URL, 43, 43, B.slice(0, 43), B.slice(0, 20)],
  [
    'plaid-token',
    ['access-sandbox-', 'access-development-', 'access-production-'],
    HEX + DASH,
    36,
    36,
    '3fa9c07b-e2d4-4185-9fa9-c07be2d41856',
    H.slice(0, 8),
  ],
  [
    'planetscale-token',
    ['pscale_tkn_', 'pscale_oauth_', 'pscale_pw_'],
    BASE64URL,
    30,
    64,
    B.slice(0, 43),
    B.slice(0, 8),
  ],
  ['posthog-key', ['phc_', 'phx_', 'pha_', 'phr_', 'phs_'], WORD, 40, 64, B.slice(0, 43), B.slice(0, 8)],
  ['prefect-key', ['pnu_', 'pnb_'], BASE62, 36, 36, L.slice(0, 36), L.slice(0, 8)],
  ['pulumi-token', ['pul-'], HEX, 40, 40, H.slice(0, 40), H.slice(0, 8)],
  ['readme-key', ['rdme_'], LOWER_ALPHANUMERIC, 70, 70, L.slice(0, 70), L.slice(0, 8)],
  ['resend-key', ['re_'], WORD, 30, 40, B.slice(0, 36), 'direct_to_the_other_page'],
  ['rubygems-key', ['rubygems_'], HEX, 48, 48, H.slice(0, 48), H.slice(0, 8)],
  ['samsara-key', ['samsara_api_'], BASE62, 30, 40, B.slice(0, 36), B.slice(0, 8)],
  ['scalingo-token', ['tk-us-'], BASE64URL, 48, 48, B.slice(0, 48), B.slice(0, 8)],
  ['settlemint-token', ['sm_aat_', 'sm_pat_', 'sm_sat_'], BASE62, 16, 16, B.slice(0, 16), B.slice(0, 8)],
  ['shippo-token', ['shippo_live_', 'shippo_test_'], HEX, 40, 40, H.slice(0, 40), H.slice(0, 8)],
  ['sonar-token', ['sqp_', 'squ_', 'sqa_'], BASE62, 40, 40, H.slice(0, 40), H.slice(0, 8)],
  ['square-token', ['sq0atp-', 'sq0csp-', 'sq0idp-', 'EAAA'], BASE64URL, 22, 60, B.slice(0, 22), B.slice(0, 8)],
  ['supabase-token', ['sbp_', 'sb_secret_'], WORD, 30, 48, H.slice(0, 40), H.slice(0, 8)],
  ['terraform-token', ['.atlasv1.'], BASE64URL, 60, 70, B.slice(0, 64), B.slice(0, 8)],
  ['typeform-token', ['tfp_'], BASE64URL, 44, 64, B.slice(0, 59), B.slice(0, 8)],
  ['vercel-token', ['vcp_', 'vercel_blob_rw_'], WORD, 24, 64, B.slice(0, 40), B.slice(0, 8)],
  ['voyage-key', ['pa-'], BASE64URL, 43, 43, B.slice(0, 43), 'rallel-universe-of-things-that-never-end-ok'],
  ['wandb-key', ['wandb_v1_'], BASE62, 40, 80, B.slice(0, 60), B.slice(0, 8)],
  ['yandex-token', ['t1.', 'AQVN', 'YCAJ', 'YCN', 'YC'], BASE64URL, 34, 200, B, 'short'],
  ['zhipu-key', ['zhipu-'], BASE62, 32, 64, B.slice(0, 40), B.slice(0, 8)],
  ['1password-secret-key', ['A3-'], UPPER_ALPHANUMERIC + DASH, 30, 40, 'Q7ZL2M-N4XK5V-RT3WB-8CF6G-H9JD1-PS0YA', 'SIZE'],
  ['adobe-secret', ['p8e-'], LOWER_ALPHANUMERIC, 32, 32, L.slice(0, 32), L.slice(0, 8)],
  ['adafruit-key', ['aio_'], BASE62, 28, 28, B.slice(0, 28), B.slice(0, 8)],
  ['harness-token', ['pat.', 'sat.'], WORD + DASH, 22, 22, B.slice(0, 22), 'rick'],
  ['linkedin-secret', ['WPL_AP1.'], BASE62, 12, 20, B.slice(0, 16), B.slice(0, 8)],
  ['cohere-key', ['co_'], BASE62, 40, 40, B.slice(0, 40), B.slice(0, 8)],
  ['deepgram-key', ['dg_'], BASE62, 40, 40, B.slice(0, 40), B.slice(0, 8)],
  ['elevenlabs-key', ['sk_'], HEX, 48, 48, H.slice(0, 48), H.slice(0, 8)],
  ['stability-key', ['stability-'], BASE62, 40, 60, B.slice(0, 48), B.slice(0, 8)],
  ['exa-key', ['exa_'], BASE62, 32, 48, B.slice(0, 40), B.slice(0, 8)],
  ['firecrawl-key', ['fc-'], HEX, 32, 32, H.slice(0, 32), H.slice(0, 8)],
  ['braintrust-key', ['sk-bt-', 'bt-st-'], BASE62, 40, 60, B.slice(0, 48), B.slice(0, 8)],
  ['helicone-key', ['sk-helicone-'], LOWER_ALPHANUMERIC + DASH, 24, 60, L.slice(0, 32), L.slice(0, 8)],
  ['portkey-key', ['pk-portkey-'], BASE64URL, 24, 60, B.slice(0, 32), B.slice(0, 8)],
  ['llama-cloud-key', ['llx-'], BASE64URL, 40, 60, B.slice(0, 48), B.slice(0, 8)],
  ['docker-swarm-key', ['SWMKEY-1-', 'SWMTKN-1-'], BASE62 + DASH, 40, 100, B.slice(0, 76), B.slice(0, 8)],
  ['nuget-key', ['oy2'], LOWER_ALPHANUMERIC, 43, 43, L.slice(0, 43), L.slice(0, 8)],
  ['crates-io-token', ['cio'], BASE62, 32, 32, B.slice(0, 32), B.slice(0, 8)],
  ['instagram-token', ['IGQV'], BASE62, 100, 400, B + B, B.slice(0, 40)],
  ['postman-token', ['PMAT-'], UPPER_ALPHANUMERIC, 26, 26, U.slice(0, 26), U.slice(0, 8)],
  ['bitbucket-token', ['BBDC-'], BASE64, 40, 44, B.slice(0, 44), B.slice(0, 8)],
  ['akamai-token', ['akab-'], LOWER_ALPHANUMERIC + DASH, 33, 33, `${L.slice(0, 16)}-${L.slice(20, 36)}`, L.slice(0, 8)],
  ['dependency-track-key', ['odt_'], BASE62, 32, 40, B.slice(0, 40), B.slice(0, 8)],
  ['wundergraph-key', ['cosmo_'], HEX, 32, 32, H.slice(0, 32), H.slice(0, 8)],
  ['ntlm-response', ['TlRMTVNTUAAD'], BASE64, 60, 2000, B, B.slice(0, 40)],
  ['zapier-webhook', ['hooks.zapier.com/hooks/catch/'], BASE62 + BASE64_SIGNS, 12, 30, '8412097/b3dx7k2', 'docs'],
];

const MIN_BITS = 2.6;

/** The prefix says nearly all: a body needs a few digits and no pattern. */
function looksIssued(body: string): number | false {
  return /\d.*\d/.test(body) && entropyBits(body) >= MIN_BITS ? 1 : false;
}

/** One detector for each row. */
export const tableKeys: readonly Detector[] = keyTable.map(([rule, prefixes, alphabet, min, max]) =>
  createKeyDetector(
    rule,
    prefixes.map((prefix) => ({ prefix, alphabet, min, max, verify: looksIssued }))
  )
);
