import type { Detector } from './detector.ts';
import { awsKeys } from './detectors/aws-keys.ts';
import { azureKeys } from './detectors/azure-keys.ts';
import { connectionString } from './detectors/connection-string.ts';
import { email } from './detectors/email.ts';
import { jwt } from './detectors/jwt.ts';
import { creditCard } from './detectors/pii/credit-card.ts';
import { cryptoAddress } from './detectors/pii/crypto-address.ts';
import { dateOfBirth } from './detectors/pii/date-of-birth.ts';
import { iban } from './detectors/pii/iban.ts';
import { ipAddress } from './detectors/pii/ip-address.ts';
import { macAddress } from './detectors/pii/mac-address.ts';
import { nationalId } from './detectors/pii/national-id.ts';
import { passport } from './detectors/pii/passport.ts';
import { phone } from './detectors/pii/phone.ts';
import { usSsn } from './detectors/pii/us-ssn.ts';
import { privateKey } from './detectors/private-key.ts';
import { providerKeys } from './detectors/provider-keys.ts';
import { assignedSecret } from './detectors/secrets/assigned-secret.ts';
import { authorization } from './detectors/secrets/authorization.ts';
import { commandPassword } from './detectors/secrets/command-password.ts';
import { boundedKeys } from './detectors/secrets/bounded-keys.ts';
import { tableKeys } from './detectors/secrets/key-table.ts';
import { kubernetesSecret } from './detectors/secrets/kubernetes-secret.ts';
import { numberToken } from './detectors/secrets/number-token.ts';
import { jsonWebKey } from './detectors/secrets/json-web-key.ts';

/** Every built-in rule. Where matches overlap, the stronger action wins, then the earlier line. */
export const detectors: readonly Detector[] = [
  ...providerKeys,
  ...tableKeys,
  ...boundedKeys,
  ...awsKeys,
  ...azureKeys,
  jwt,
  privateKey,
  connectionString,
  jsonWebKey,
  authorization,
  numberToken,
  kubernetesSecret,
  commandPassword,
  assignedSecret,
  iban,
  creditCard,
  usSsn,
  nationalId,
  cryptoAddress,
  passport,
  dateOfBirth,
  macAddress,
  ipAddress,
  email,
  phone,
];
