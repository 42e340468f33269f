import type { Dialect } from '../dialect.ts';
import { readNumber, readString } from '../read-attribute.ts';

const NS_PER_SECOND = 1_000_000_000;

/**
 * The inference server vLLM (span `llm_request`, scopes `vllm.*`) and SGLang: old conventions without an operation name, and
 * often without a model. The request id is the one that the client sees as response id.
 */
export const vllm: Dialect = {
  name: 'vllm',
  matches: ({ attributes, scope }) =>
    (scope.name.startsWith('vllm') || scope.name.startsWith('sglang')) &&
    (attributes.has('gen_ai.request.id') || attributes.has('gen_ai.usage.prompt_tokens')),
  read: ({ attributes }) => {
    const seconds = readNumber(attributes, 'gen_ai.latency.time_to_first_token');
    const model = readString(attributes, 'gen_ai.request.model', 'gen_ai.response.model');
    return {
      operation: 'chat',
      provider: 'vllm',
      requestModel: model,
      responseId: readString(attributes, 'gen_ai.response.id', 'gen_ai.request.id'),
      timeToFirstTokenNs: seconds === undefined || seconds <= 0 ? undefined : Math.round(seconds * NS_PER_SECOND),
      consumed: CONSUMED,
    };
  },
};

const CONSUMED: readonly string[] = ['gen_ai.request.id', 'gen_ai.latency.time_to_first_token'];
