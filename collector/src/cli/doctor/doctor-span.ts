import { randomBytes } from 'node:crypto';

/** Marks the spans of the doctor in every table and panel. */
export const DOCTOR_SERVICE = 'spanledger-doctor';

export interface DoctorSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly startMs: number;
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | number>>;
}

/** A made-up call to a model with a known price: 1,000 tokens in and 100 out. No content. */
export function createDoctorSpan(protocol: string, now: number): DoctorSpan {
  return {
    traceId: randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    startMs: now,
    name: `doctor ${protocol}`,
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-4o-mini',
      'gen_ai.response.model': 'gpt-4o-mini',
      'gen_ai.usage.input_tokens': 1000,
      'gen_ai.usage.output_tokens': 100,
      'spanledger.doctor.protocol': protocol,
    },
  };
}
