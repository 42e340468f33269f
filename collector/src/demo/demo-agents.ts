/** Share of the peak by UTC hour of the day. */
const OFFICE = [
  0, 0, 0, 0, 0, 0.05, 0.25, 0.6, 0.9, 1, 1, 0.85, 0.6, 0.8, 1, 0.95, 0.75, 0.45, 0.2, 0.1, 0.05, 0, 0, 0,
];
const SHOPPERS = [
  0.25, 0.18, 0.15, 0.15, 0.18, 0.25, 0.4, 0.6, 0.75, 0.85, 0.9, 0.9, 0.95, 0.9, 0.85, 0.85, 0.9, 0.95, 1, 1, 0.95, 0.8,
  0.6, 0.4,
];
const NIGHT_JOB = [
  1, 1, 0.9, 0.5, 0.1, 0, 0, 0.1, 0.2, 0.3, 0.3, 0.3, 0.2, 0.3, 0.3, 0.3, 0.2, 0.1, 0, 0, 0, 0, 0.3, 0.8,
];

/** Share of the peak by day of the week, Sunday first. */
const WORKING_WEEK = [0.06, 0.95, 1, 1, 0.97, 0.8, 0.08];
const EVERY_DAY = [0.85, 1, 0.92, 0.9, 0.92, 0.97, 0.95];

/** An application of the demo organisation, as its telemetry shows it. Token counts and times are medians. */
export interface DemoAgent {
  readonly name: string;
  readonly version: string;
  readonly department: string;
  readonly service: string;
  readonly serviceVersion: string;
  readonly language: string;
  readonly promptName: string;
  readonly provider: string;
  /** Instrumentation scope of its calls to models. */
  readonly scope: string;
  readonly operation: 'chat' | 'generate_content';
  readonly host: string;
  readonly model: string;
  readonly answeringModel: string;
  readonly hours: readonly number[];
  readonly weekdays: readonly number[];
  readonly tracesPerPeakHour: number;
  readonly environments: readonly (readonly [string, number])[];
  readonly users: number;
  readonly tools: readonly string[];
  /** Calls to the model of one run; before each but the last a tool is called. */
  readonly rounds: readonly (readonly [number, number])[];
  /** Embeds the question and looks for documents first. */
  readonly retrieves: boolean;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Part of the output that is reasoning. */
  readonly reasoningShare: number;
  /** Part of the input that is read from the provider's cache when a call is a hit. */
  readonly cachedShare: number;
  readonly isStreaming: boolean;
  readonly firstTokenMs: number;
  readonly msPerOutputToken: number;
  /** What an evaluator says about a share of its answers, from 0 to 1. */
  readonly score: { readonly name: string; readonly mean: number } | undefined;
}

const PRODUCTION_MOSTLY = [
  ['production', 0.88],
  ['staging', 0.12],
] as const;

export const DEMO_AGENTS: readonly DemoAgent[] = [
  {
    name: 'support-assistant',
    version: '2.3.1',
    department: 'customer-support',
    service: 'support-api',
    serviceVersion: '5.12.0',
    language: 'python',
    promptName: 'support-answer',
    provider: 'openai',
    scope: 'opentelemetry.instrumentation.openai_v2',
    operation: 'chat',
    host: 'api.openai.com',
    model: 'gpt-4.1-mini',
    answeringModel: 'gpt-4.1-mini-2025-04-14',
    hours: SHOPPERS,
    weekdays: EVERY_DAY,
    tracesPerPeakHour: 23,
    environments: [
      ['production', 0.95],
      ['staging', 0.05],
    ],
    users: 160,
    tools: ['search_orders', 'track_parcel', 'create_refund', 'lookup_customer'],
    rounds: [
      [1, 0.45],
      [2, 0.45],
      [3, 0.1],
    ],
    retrieves: true,
    inputTokens: 1_900,
    outputTokens: 190,
    reasoningShare: 0,
    cachedShare: 0.35,
    isStreaming: true,
    firstTokenMs: 420,
    msPerOutputToken: 8,
    score: { name: 'helpfulness', mean: 0.84 },
  },
  {
    name: 'code-reviewer',
    version: '1.8.2',
    department: 'engineering',
    service: 'review-bot',
    serviceVersion: '3.4.1',
    language: 'nodejs',
    promptName: 'review-change',
    provider: 'anthropic',
    scope: 'opentelemetry.util.genai.handler',
    operation: 'chat',
    host: 'api.anthropic.com',
    model: 'claude-sonnet-4-5',
    answeringModel: 'claude-sonnet-4-5-20250929',
    hours: OFFICE,
    weekdays: WORKING_WEEK,
    tracesPerPeakHour: 18,
    environments: [
      ['ci', 0.6],
      ['production', 0.25],
      ['development', 0.15],
    ],
    users: 45,
    tools: ['read_file', 'run_tests', 'search_code'],
    rounds: [
      [2, 0.3],
      [3, 0.45],
      [5, 0.25],
    ],
    retrieves: false,
    inputTokens: 9_500,
    outputTokens: 620,
    reasoningShare: 0,
    cachedShare: 0,
    isStreaming: false,
    firstTokenMs: 900,
    msPerOutputToken: 14,
    score: { name: 'accepted', mean: 0.7 },
  },
  {
    name: 'lead-qualifier',
    version: '0.9.4',
    department: 'sales',
    service: 'crm-copilot',
    serviceVersion: '2.0.3',
    language: 'python',
    promptName: 'qualify-lead',
    provider: 'gcp.gemini',
    scope: 'opentelemetry.instrumentation.google_genai',
    operation: 'generate_content',
    host: 'generativelanguage.googleapis.com',
    model: 'gemini-2.5-flash',
    answeringModel: 'gemini-2.5-flash',
    hours: OFFICE,
    weekdays: WORKING_WEEK,
    tracesPerPeakHour: 16,
    environments: PRODUCTION_MOSTLY,
    users: 30,
    tools: ['crm_lookup', 'company_search'],
    rounds: [
      [1, 0.4],
      [2, 0.6],
    ],
    retrieves: false,
    inputTokens: 2_600,
    outputTokens: 420,
    reasoningShare: 0.4,
    cachedShare: 0,
    isStreaming: true,
    firstTokenMs: 520,
    msPerOutputToken: 5,
    score: { name: 'relevance', mean: 0.78 },
  },
  {
    name: 'invoice-extractor',
    version: '4.1.0',
    department: 'finance',
    service: 'invoice-pipeline',
    serviceVersion: '7.2.0',
    language: 'java',
    promptName: 'extract-invoice',
    provider: 'aws.bedrock',
    scope: 'io.opentelemetry.aws-sdk-2.2',
    operation: 'chat',
    host: 'bedrock-runtime.eu-central-1.amazonaws.com',
    model: 'amazon.nova-lite-v1:0',
    answeringModel: '',
    hours: NIGHT_JOB,
    weekdays: WORKING_WEEK,
    tracesPerPeakHour: 34,
    environments: PRODUCTION_MOSTLY,
    users: 1,
    tools: ['read_document', 'book_entry'],
    rounds: [
      [1, 0.7],
      [2, 0.3],
    ],
    retrieves: false,
    inputTokens: 3_200,
    outputTokens: 260,
    reasoningShare: 0,
    cachedShare: 0,
    isStreaming: false,
    firstTokenMs: 300,
    msPerOutputToken: 6,
    score: undefined,
  },
  {
    name: 'contract-analyst',
    version: '1.2.0',
    department: 'legal',
    service: 'contract-desk',
    serviceVersion: '1.9.2',
    language: 'python',
    promptName: 'analyse-contract',
    provider: 'anthropic',
    scope: 'opentelemetry.util.genai.handler',
    operation: 'chat',
    host: 'api.anthropic.com',
    model: 'claude-opus-4-1',
    answeringModel: 'claude-opus-4-1-20250805',
    hours: OFFICE,
    weekdays: WORKING_WEEK,
    tracesPerPeakHour: 3,
    environments: [['production', 1]],
    users: 9,
    tools: ['find_clause', 'compare_versions'],
    rounds: [
      [1, 0.5],
      [2, 0.5],
    ],
    retrieves: true,
    inputTokens: 14_000,
    outputTokens: 900,
    reasoningShare: 0,
    cachedShare: 0,
    isStreaming: false,
    firstTokenMs: 1_400,
    msPerOutputToken: 19,
    score: { name: 'faithfulness', mean: 0.91 },
  },
  {
    name: 'campaign-writer',
    version: '3.0.0',
    department: 'marketing',
    service: 'campaign-studio',
    serviceVersion: '1.4.7',
    language: 'nodejs',
    promptName: 'write-campaign',
    provider: 'openai',
    scope: '@opentelemetry/instrumentation-openai',
    operation: 'chat',
    host: 'api.openai.com',
    model: 'gpt-5-mini',
    answeringModel: 'gpt-5-mini-2025-08-07',
    hours: OFFICE,
    weekdays: WORKING_WEEK,
    tracesPerPeakHour: 11,
    environments: PRODUCTION_MOSTLY,
    users: 18,
    tools: ['brand_guide'],
    rounds: [
      [1, 0.6],
      [2, 0.4],
    ],
    retrieves: false,
    inputTokens: 1_400,
    outputTokens: 1_100,
    reasoningShare: 0.45,
    cachedShare: 0,
    isStreaming: true,
    firstTokenMs: 800,
    msPerOutputToken: 9,
    score: { name: 'brand_tone', mean: 0.81 },
  },
];
