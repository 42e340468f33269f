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
    ['ENV DB_PASSWORD h0telSierra', 'h0telSierra'],
    ['./run --ldap-bind-password h0telSierra --verbose', 'h0telSierra'],
    ['-password "Prl23Db#@"', 'Prl23Db#@'],
    ['#define password "n84ASM54y4"', 'n84ASM54y4'],
    ["ALTER LOGIN sa WITH PASSWORD = N'h0telSierra'", 'h0telSierra'],
    ['machine host login ada password L7xDF-A8tzGcY', 'L7xDF-A8tzGcY'],
    ['id: ada pw: dipPr197Gg!', 'dipPr197Gg'],
    ['password:!Dd5G4s9', '!Dd5G4s9'],
    [
      'variable "client_secret" {\n  type = string\n  default = "lymJqW2MbLePBV7XXviVlnvf"\n}',
      'lymJqW2MbLePBV7XXviVlnvf',
    ],
    ['env:\n- name: ADMIN_PWD\n  value: "Kaffee5011"', 'Kaffee5011'],
    ['[{"name":"DB_PASSWORD","value":"Kaffee5011"}]', 'Kaffee5011'],
    ['das Passwort lautet h0telSierra9', 'h0telSierra9'],
    ['Kennwort = h0telSierra9', 'h0telSierra9'],
    ['la contraseña es h0telSierra9', 'h0telSierra9'],
    ['le mot de passe est h0telSierra9', 'h0telSierra9'],
    ['senha: h0telSierra9', 'h0telSierra9'],
    ['hasło: h0telSierra9', 'h0telSierra9'],
    ['PGPASSWORD=h0telSierra9 psql -h db', 'h0telSierra9'],
    ['aws_session_token=IQoJb3JpZ2luX2VjTBd7F9zQk3Lw', 'IQoJb3JpZ2luX2VjTBd7F9zQk3Lw'],
    ['Cookie: lang=en; session=HKniYfEvdl06jgsNKzipG5HSKixmaBwz', 'HKniYfEvdl06jgsNKzipG5HSKixmaBwz'],
    ['Authorization: Bearer N9d1BtiphspNeZlB_HqZzwcMkCzHaVmSucThXNW2', 'N9d1BtiphspNeZlB_HqZzwcMkCzHaVmSucThXNW2'],
    ['Authorization: SSWS 00QCjAl4MlVaWPXMzABCDKLZ0HmjFx', '00QCjAl4MlVaWPXMzABCDKLZ0HmjFx'],
    ['mysql -u root -ph0telSierra9 app', 'h0telSierra9'],
    ['sshpass -p h0telSierra9 ssh root@host', 'h0telSierra9'],
    ['docker login -u ada -p h0telSierra9 host', 'h0telSierra9'],
    ['sqlcmd -S h -U sa -P h0telSierra9', 'h0telSierra9'],
    ['redis-cli -h c -a h0telSierra9 ping', 'h0telSierra9'],
    ['openssl enc -aes-256-cbc -k h0telSierra9 -in f', 'h0telSierra9'],
    ["echo 'root:h0telSierra9' | chpasswd", 'h0telSierra9'],
    ["CREATE USER 'app'@'%' IDENTIFIED BY 'h0telSierra9';", 'h0telSierra9'],
    ['the wifi password for guests is Kx92-plm4', 'Kx92-plm4'],
    ['Passwort für das VPN: tZ7-qq81x', 'tZ7-qq81x'],
    ["requests.get(url, auth=('ada', 'h0telSierra9'))", 'h0telSierra9'],
    ["HTTPBasicAuth('ada', 'h0telSierra9')", 'h0telSierra9'],
    ["mysqli_connect('localhost', 'root', 'h0telSierra9')", 'h0telSierra9'],
    ["new PDO($dsn, 'root', 'h0telSierra9')", 'h0telSierra9'],
    [`config.secret_key_base = '${'0d144e1d0bc4cb74f7'.repeat(7)}'`, '0d144e1d0bc4cb74f7'.repeat(7)],
    ["SECRET_KEY = 'x3(k!v8^t@z5&n)w=q2#m9*r7-p1+c6_y4$b0'", 'x3(k!v8^t@z5&n)w=q2#m9*r7-p1+c6_y4$b0'],
    ['app password: wqtz kfjd pmxv nbrl', 'wqtz kfjd pmxv nbrl'],
    ['apikey n2u0SwN2eu9vxJGd7fdEGBNA7xvAo1Y4', 'n2u0SwN2eu9vxJGd7fdEGBNA7xvAo1Y4'],
    ['jdbc:oracle:thin:scott/h0telSierra9@//h:1521/orcl', 'h0telSierra9'],
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
    'const p = await getSecret("smtp_password")',
    'webhookApiSecret: ZENDESK_WEBHOOK_API_SECRET',
    'MasterUserPassword: !Ref MasterUserPassword',
    'the password SHA256withRSA is computed from',
    'docker run -p 8080:80 nginx',
    'mysql -u root -p app',
    'a user is identified by the cookie: see below',
    'the client has 12 keys, each with a value: 3',
    'le mot de passe est obligatoire',
    'variable "client_secret" {\n  type = string\n}',
    'Culture=neutral, PublicKeyToken=b77a5c561934e089',
    'the password for the account: required',
    'the password for you: see the other mail',
    "auth=('user', 'pass')",
    'auth=(username, password)',
    'mysqli_connect($host, $user, $pass)',
    "new PDO($dsn, 'root', 'root')",
    "password = f(a, 'b', {'c': [1, 2, 3]})",
    '- name: DB_PASSWORD\n  valueFrom: {secretKeyRef: {name: db}}',
  ])('are not seen in %s', (text) => {
    expect(found(text)).toEqual([]);
  });
});
