/** What a name says about its value. `password`: any literal is a secret; `key`: only what looks generated. */
export type NameStrength = 'password' | 'key' | 'none';

/** Words that make a name worth looking at, in lower case; the scan finds them inside of `camelCase` and `snake_case`. */
export const SECRET_WORDS: readonly string[] = [
  ...[
    'password',
    'passwd',
    'passwort',
    'pwd',
    'pass',
    'passphrase',
    'passcode',
    'dbpass',
    'dbpassword',
    'dbpasswd',
    'userpass',
  ],
  ...['rootpassword', 'mypassword', 'sshpass', 'storepass', 'keypass', 'secret', 'clientsecret', 'appsecret'],
  ...['pw', 'psw', 'pswd', 'paswd', 'pasword', 'passwrd', 'pgpassword', 'mysqlpass', 'userpassword', 'adminpassword'],
  // German, Spanish, Portuguese, French, Polish, Dutch, Czech, Italian: as far as their letters are ASCII.
  ...['kennwort', 'contrase', 'contrasena', 'senha', 'passe', 'has', 'wachtwoord', 'heslo', 'parola'],
  ...[
    'token',
    'accesstoken',
    'authtoken',
    'refreshtoken',
    'apitoken',
    'bottoken',
    'key',
    'apikey',
    'secretkey',
    'accesskey',
  ],
  ...[
    'privatekey',
    'authkey',
    'apisecret',
    'seckey',
    'licensekey',
    'client',
    'credential',
    'credentials',
    'cred',
    'creds',
    'auth',
    'seed',
  ],
];
const PASSWORD_NAME =
  /(?:password|passwd|passwort|passphrase|passcode|pwd|pasword|paswd|passwrd|pswd|(?:^|[^a-z])(?:pass|pw|psw|passe|senha|hasło|heslo|parola)|kennwort|contrase[ñn]a|wachtwoord|mysqlpass|dbpass|userpass|sshpass|keypass|storepass|secret)s?\d?(?:[^a-z](?:key|token|value|base64|hash|string|text|plain|data|credential|backup|\d+))?$/;
const KEY_NAME =
  /(?:token|api.?key|oauth.?key|secret.?key|access.?key|private.?key|auth.?key|encryption.?key|signing.?key|license.?key|service.?key|master.?key|account.?key|admin.?key|personal.?key|app(?:lication)?.?key|consumer.?key|client.?key|webhook.?key|subscription.?key|generated.?key|session.?key|shared.?key|credentials?|creds?|auth|seed|secret)s?\d?(?:[^a-z](?:value|string|data|base|\d+|v\d+))?$/;
/** `<provider>Key`, `<provider>Client`: a name in front is asked for, and a value that is beyond doubt. */
const BARE_KEY_NAME = /^[a-z][\w.-]*[^a-z](?:key|client|access.?id|client.?id)$|^key$/;
/** Behind these a user and a password stand in a pair: `auth=('ada', 'x')`, `HTTPBasicAuth('ada', 'x')`. */
const PAIR_NAME = /(?:auth|credentials?|creds?|login)$/;
/** Names that end in a secret's word and mean something else. */
const OTHER_NAME =
  /(?:^|[^a-z])(?:public|primary|foreign|partition|sort|cache|idempotency|page|next|continuation|cancellation|csrf|xsrf|authenticity|verification|routing|row|hash|object|bucket|index|lookup|translation|i18n|message|event|action|map|dict|config|group|unique|composite|host|ssh.?rsa|max|min|total|num|input|output|prompt|completion|stop|eos|bos|pad|unk|mask|special|react|menu|hot|short.?cut|field|column|encrypted|hashed|confirm|forgot|reset|use|has|is|no|show|hide|allow|require|valid|invalid|expect\w*)[^a-z]?(?:(?:access|key).?)?(?:key|token|secret|pass\w*|credentials?|auth)s?$/;

/** Lower case with `_` between the parts of a camelCase name. */
function normalise(name: string): string {
  return name.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
}

/** Classifies a whole identifier, setting or header name. */
export function nameStrength(name: string): NameStrength | 'bare-key' {
  const lower = normalise(name);
  if (OTHER_NAME.test(lower)) return 'none';
  if (PASSWORD_NAME.test(lower)) return 'password';
  if (KEY_NAME.test(lower)) return 'key';
  return BARE_KEY_NAME.test(lower) ? 'bare-key' : 'none';
}

/** True when a user's name and a password may follow. */
export function namesPair(name: string): boolean {
  return PAIR_NAME.test(name.toLowerCase());
}
