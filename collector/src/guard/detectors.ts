import type { Detector } from './detector.ts';
import { awsKeys } from './detectors/aws-keys.ts';
import { azureKeys } from './detectors/azure-keys.ts';
import { connectionString } from './detectors/connection-string.ts';
import { email } from './detectors/email.ts';
import { jwt } from './detectors/jwt.ts';
import { privateKey } from './detectors/private-key.ts';
import { providerKeys } from './detectors/provider-keys.ts';

/** Every built-in rule. Where matches overlap, the stronger action wins, then the earlier line. */
export const detectors: readonly Detector[] = [
  ...providerKeys,
  ...awsKeys,
  ...azureKeys,
  jwt,
  privateKey,
  connectionString,
  email,
];
