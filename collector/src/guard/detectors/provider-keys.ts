import { BASE62, BASE64_SIGNS, BASE64URL, DASH, DIGIT, HEX, LOWER, UNDERSCORE, UPPER } from '../character-class.ts';
import type { Detector } from '../detector.ts';
import { scoreGithubToken } from './github-checksum.ts';
import { createKeyDetector, looksRandom, type KeyShape } from './key-shape.ts';

const WORD = BASE62 + UNDERSCORE;
const LOWER_ALPHANUMERIC = LOWER + DIGIT;
/** base64 of `-----BEGIN`. */
const PEM_START = 'LS0tLS1CRUdJTi';

function shapes(prefixes: readonly string[], alphabet: number, min: number, max?: number): KeyShape[] {
  return prefixes.map((prefix) => ({ prefix, alphabet, min, ...(max !== undefined && { max }), verify: looksRandom }));
}

/**
 * Keys that name their provider by a prefix, specific before general: where two overlap the earlier one is reported.
 * Shapes are those of the providers' own documentation and of the keys they hand out; bounds are kept a little loose,
 * because a provider lengthens its keys without notice and a redacted near-miss costs nothing.
 */
export const providerKeys: readonly Detector[] = [
  createKeyDetector('spanledger-key', shapes(['sl_ingest_', 'sl_read_', 'sl_admin_'], WORD, 30), 3),
  createKeyDetector('anthropic-api-key', shapes(['sk-ant-'], BASE64URL, 20), 6),
  createKeyDetector('openrouter-api-key', shapes(['sk-or-'], BASE64URL, 20), 5),
  createKeyDetector('langfuse-secret-key', shapes(['sk-lf-'], BASE64URL, 36), 5),
  createKeyDetector('openai-api-key', shapes(['sk-proj-', 'sk-svcacct-', 'sk-admin-', 'sk-None-'], BASE64URL, 20)),
  // OpenAI's older keys, DeepSeek, Moonshot, LiteLLM and many gateways.
  createKeyDetector('sk-api-key', shapes(['sk-', 'csk-'], BASE64URL, 20), 3),
  createKeyDetector('groq-api-key', shapes(['gsk_'], BASE62, 32)),
  createKeyDetector('xai-api-key', shapes(['xai-'], BASE62, 40)),
  createKeyDetector('perplexity-api-key', shapes(['pplx-'], BASE62, 32)),
  createKeyDetector('huggingface-token', shapes(['hf_', 'api_org_'], BASE62, 30).map(ofBothCases), 3),
  createKeyDetector('nvidia-api-key', shapes(['nvapi-'], BASE64URL, 40)),
  createKeyDetector('replicate-api-token', shapes(['r8_'], BASE62, 37, 40), 3),
  createKeyDetector('langsmith-api-key', shapes(['lsv2_pt_', 'lsv2_sk_'], WORD, 40)),
  createKeyDetector('pinecone-api-key', shapes(['pcsk_'], WORD, 40)),
  createKeyDetector('tavily-api-key', shapes(['tvly-'], BASE64URL, 24)),
  createKeyDetector('together-api-key', shapes(['tgp_v1_'], BASE64URL, 32)),
  createKeyDetector('jina-api-key', shapes(['jina_'], BASE64URL, 40)),
  createKeyDetector('fireworks-api-key', shapes(['fw_'], BASE62, 22, 32), 3),
  createKeyDetector('google-api-key', shapes(['AIza'], BASE64URL, 35, 35)),
  createKeyDetector('google-oauth-secret', shapes(['GOCSPX-'], BASE64URL, 28)),
  createKeyDetector('github-token', [
    ...['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'].map((prefix) => ({
      prefix,
      alphabet: BASE62,
      min: 36,
      verify: scoreGithubToken,
    })),
    ...shapes(['github_pat_'], WORD, 80),
  ]),
  createKeyDetector(
    'gitlab-token',
    shapes(
      [
        'glpat-',
        'gldt-',
        'glrt-',
        'glptt-',
        'glsoat-',
        'glagent-',
        'glft-',
        'glimt-',
        'gloas-',
        'glcbt-',
        'glffct-',
        'glrtr-',
        'glwt-',
      ],
      BASE64URL,
      20
    )
  ),
  createKeyDetector(
    'slack-token',
    shapes(['xoxb-', 'xoxp-', 'xoxa-', 'xoxs-', 'xoxr-', 'xoxo-', 'xoxe-', 'xapp-'], BASE62 + DASH, 16)
  ),
  createKeyDetector(
    'slack-webhook',
    shapes(
      ['hooks.slack.com/services/', 'hooks.slack.com/workflows/', 'hooks.slack.com/triggers/'],
      WORD + BASE64_SIGNS,
      30
    )
  ),
  createKeyDetector(
    'stripe-api-key',
    shapes(['sk_live_', 'rk_live_', 'sk_test_', 'rk_test_', 'sk_prod_', 'rk_prod_'], BASE62, 16)
  ),
  createKeyDetector('stripe-webhook-secret', shapes(['whsec_'], BASE62, 24)),
  createKeyDetector('npm-token', shapes(['npm_'], BASE62, 36, 40)),
  createKeyDetector('pypi-token', shapes(['pypi-AgE'], BASE64URL, 50)),
  createKeyDetector('sendgrid-api-key', [
    { prefix: 'SG.', alphabet: BASE64URL, min: 20, max: 24, verify: looksRandom },
  ]),
  createKeyDetector('digitalocean-token', shapes(['dop_v1_', 'doo_v1_', 'dor_v1_'], HEX, 64)),
  createKeyDetector('grafana-token', shapes(['glsa_', 'glc_'], WORD, 32)),
  createKeyDetector('shopify-token', shapes(['shpat_', 'shpss_', 'shpca_', 'shppa_'], BASE62, 32)),
  createKeyDetector('postman-api-key', shapes(['PMAK-'], HEX + DASH, 50)),
  createKeyDetector('linear-api-key', shapes(['lin_api_', 'lin_oauth_'], BASE62, 32)),
  createKeyDetector('notion-token', [...shapes(['ntn_'], BASE62, 46, 46), ...shapes(['secret_'], BASE62, 43, 43)]),
  createKeyDetector('figma-token', shapes(['figd_', 'figo_'], BASE64URL, 36)),
  createKeyDetector('tailscale-key', shapes(['tskey-'], BASE62 + DASH, 20)),
  createKeyDetector('sentry-token', [
    { prefix: 'sntryu_', alphabet: HEX, min: 60, verify: looksRandom },
    { prefix: 'sntrys_', alphabet: WORD + BASE64_SIGNS, min: 60, verify: looksRandom },
  ]),
  createKeyDetector('new-relic-key', shapes(['NRAK-'], UPPER + DIGIT, 27)),
  createKeyDetector('mailgun-key', shapes(['key-'], LOWER_ALPHANUMERIC, 32, 32)),
  createKeyDetector('1password-token', shapes(['ops_eyJ'], BASE64URL + BASE64_SIGNS, 60)),
  createKeyDetector('google-oauth-token', shapes(['ya29.', '1//0'], BASE64URL, 40), 4),
  // What `kubectl get secret` and CI settings show of a key file.
  createKeyDetector('private-key-base64', [
    { prefix: PEM_START, alphabet: BASE62 + BASE64_SIGNS, min: 80, verify: isPrivateKey },
  ]),
  createKeyDetector('age-secret-key', shapes(['AGE-SECRET-KEY-1'], UPPER + DIGIT, 58, 58)),
];

/** Certificates and public keys look the same until they are decoded. */
function isPrivateKey(body: string): number | false {
  return Buffer.from(PEM_START + body, 'base64')
    .toString('latin1')
    .includes('PRIVATE KEY')
    ? 1
    : false;
}

/** Hugging Face's bodies are letters only, so digits cannot be asked for. */
function ofBothCases({ prefix, alphabet, min }: KeyShape): KeyShape {
  return { prefix, alphabet, min, verify: (body) => (/[a-z]/.test(body) && /[A-Z]/.test(body) ? 1 : false) };
}
