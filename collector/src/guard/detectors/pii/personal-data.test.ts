import { defaultGuardPolicy } from '../../guard-policy.ts';
import { createTextInspector } from '../../inspect-text.ts';
import { contextAt } from '../../rule-scope.ts';

const inspector = createTextInspector(defaultGuardPolicy);

function found(text: string): readonly [rule: string, value: string][] {
  if (!inspector.mayHold(text, 'attribute')) return [];
  return inspector
    .inspect(text, { steps: 0 }, contextAt('attribute'))
    .map(({ detector, start, end }) => [detector.rule, text.slice(start, end)]);
}

describe('personal data', () => {
  it.each([
    ['call +1 (415) 555-0132 today', 'phone', '+1 (415) 555-0132'],
    ['Tel.: 030 901820', 'phone', '030 901820'],
    ['mein Handy: +49 151 23456789', 'phone', '+49 151 23456789'],
    ['reach me at 415.555.0132', 'phone', '415.555.0132'],
    ['{"phone":"4155550132"}', 'phone', '4155550132'],
    ['appelez le 06 12 34 56 78', 'phone', '06 12 34 56 78'],
    ['pay with 4111 1111 1111 1111', 'credit-card', '4111 1111 1111 1111'],
    ['amex 378282246310005', 'credit-card', '378282246310005'],
    ['5555-5555-5555-4444', 'credit-card', '5555-5555-5555-4444'],
    ['SSN 123-45-6789', 'us-ssn', '123-45-6789'],
    ['his number: 219 09 9998', 'us-ssn', '219 09 9998'],
    ['ssn=219099998', 'us-ssn', '219099998'],
    ['to DE89 3704 0044 0532 0130 00 please', 'iban', 'DE89 3704 0044 0532 0130 00'],
    ['GB82WEST12345698765432', 'iban', 'GB82WEST12345698765432'],
    ['MT84MALT011000012345MTLCAST001S', 'iban', 'MT84MALT011000012345MTLCAST001S'],
    ['client 203.0.113.7 timed out', 'ip-address', '203.0.113.7'],
    ['connect to [2001:db8:85a3::8a2e:370:7334]', 'ip-address', '2001:db8:85a3::8a2e:370:7334'],
    ['ping 8.8.8.8', 'ip-address', '8.8.8.8'],
    ['at 00:1b:44:11:3a:b7', 'mac-address', '00:1b:44:11:3a:b7'],
    ['MAC 00-1B-44-11-3A-B7', 'mac-address', '00-1B-44-11-3A-B7'],
    ['passport no. C01X00T47', 'passport', 'C01X00T47'],
    ['born on 12 March 1984 in Graz', 'date-of-birth', '12 March 1984'],
    ['"dob": "1984-03-12"', 'date-of-birth', '1984-03-12'],
    ['CPF 529.982.247-25', 'national-id', '529.982.247-25'],
    ['DNI 12345678Z', 'national-id', '12345678Z'],
    [
      'send to bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4',
      'crypto-address',
      'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4',
    ],
    ['wallet 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa', 'crypto-address', '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa'],
    ['mail 裕子.中村@example.jp', 'email', '裕子.中村@example.jp'],
    ['fax (801) 445-4827x8925 please', 'phone', '(801) 445-4827x8925'],
    ['call 488-570-4874 extension 870, thanks', 'phone', '488-570-4874 extension 870'],
    ['WhatsApp 01.42.18.40.06', 'phone', '01.42.18.40.06'],
    ['Bitte rufen Sie mich unter 07893 316025 zurück', 'phone', '07893 316025'],
    ['電話番号は03-3512-8689です', 'phone', '03-3512-8689'],
    ['my Israeli number is 09-7625400', 'phone', '09-7625400'],
    ['Diners 3619-845453-9503', 'credit-card', '3619-845453-9503'],
    ['x;3619-845453-9503;y', 'credit-card', '3619-845453-9503'],
    ['SSN 078.05.1123', 'us-ssn', '078.05.1123'],
    ['my social is 369387968', 'us-ssn', '369387968'],
    ['pay LV86YWBD548H85A639F8H now', 'iban', 'LV86YWBD548H85A639F8H'],
    ['KW40 WHME PFN4 2A26 N795 D684 HFR6 50', 'iban', 'KW40 WHME PFN4 2A26 N795 D684 HFR6 50'],
    ['konto es2325942599644172633568', 'iban', 'es2325942599644172633568'],
    ["v = '107.102.244.55'", 'ip-address', '107.102.244.55'],
    ['gateway fe80::1', 'ip-address', 'fe80::1'],
    ['Cisco MAC: 0012.3456.789A', 'mac-address', '0012.3456.789A'],
    ['Physical Address. . . . . . . . . : 58-AF-4E-12-7E-98', 'mac-address', '58-AF-4E-12-7E-98'],
    ['mac 00:12:33:45:11:09', 'mac-address', '00:12:33:45:11:09'],
    ['Mi pasaporte es aaa123456', 'passport', 'aaa123456'],
    ['my travel document is A12803456', 'passport', 'A12803456'],
    ['Tel. 089 / 452 118-0, bitte', 'phone', '089 / 452 118-0'],
    ['Telefonnr. +43 (0)664 / 1234567', 'phone', '+43 (0)664 / 1234567'],
    ['Handynr.: 0157/71234567', 'phone', '0157/71234567'],
    ['Tlf 912 34 567', 'phone', '912 34 567'],
    ['mi teléfono: 654321987', 'phone', '654321987'],
    ['call me at 5550132', 'phone', '5550132'],
    ['5550132 (office)', 'phone', '5550132'],
    ['Numéro : 0612345678', 'phone', '0612345678'],
    ['docker 172.17.0.2 is down', 'ip-address', '172.17.0.2'],
    ['Reisepassnummer: C3JK8L2P1', 'passport', 'C3JK8L2P1'],
    ['nr paszportu: EH4821937', 'passport', 'EH4821937'],
    ['an kontakt@bäckerei-müller.example!', 'email', 'kontakt@bäckerei-müller.example'],
    ['ada@example.orgé', 'email', 'ada@example.org'],
    ['邮箱是ada@example.org，谢谢', 'email', 'ada@example.org'],
    ['an a@xn--d1acufc.xn--p1ai', 'email', 'a@xn--d1acufc.xn--p1ai'],
  ])('is found in %s', (text, rule, value) => {
    expect(found(text)).toEqual([[rule, value]]);
  });

  it.each([
    'epoch 1672461159 equals a date',
    'file size 4294967296 bytes, inode 625454239',
    'Part number 900-75-9509 is out of stock',
    'SKU 100-20-3000-4000',
    'test 4111 1111 1111 1112',
    'IBAN DE88 3704 0044 0532 0130 00',
    'version 1.2.3.4 of Chrome/120.0.6099.129',
    'see section 1.2.3.4',
    'bind 127.0.0.1 and 0.0.0.0',
    'std::vector and Foo::Bar::baz at 12:30:45',
    'gpt-4o-2024-08-06 and claude-3-5-sonnet-20241022',
    'Sales 2019-2020-2021: 1,234 / 5,678 / 9,012',
    'uuid e3412b4b-e606-496e-8587-a5e7fdd0f3ca',
    'the passport office is closed',
    'he was born in Vienna',
    'const mask = 0x5f3759df',
    'invoice total $717,248.03, due 2024-07-06',
    'call the function 1000000000 times',
    'telephone exchange since 1878-1890; ts=1616749091 done',
    'contact:\n  value: 1 299 208 EUR',
    'contact: total 12.345.678,90',
    'contact OID 1.3.6.1.4.1.14342.3',
    'duration 00:12:33:45:11:09',
    'es2325942599644172633569',
    'the device driver and the hardware address',
    'the function call returned 12345678 in 3 ms',
    'API calls this month: 2450000',
    'calls=8812345 errors=12',
    'each call costs 0.0000150 USD',
    'cells: 10485760 rows',
    '2345678 mobile users',
    'contacts imported: 1234567',
    'call stack depth exceeded 1048576 frames',
    'callback_id 20261122031',
    'mobile: 20 000 000 downloads',
    "appel d'offres 2026-114-5532",
    '2026-11-22 03:14:00 200 1532 0.004',
    'python 3.11.4.2 wheel',
    'nginx 1.25.3.1 and OpenSSL 3.0.2.15',
    '00:1a:22:33:44:55:66:77 is an EUI-64',
  ])('is not seen in %s', (text) => {
    expect(found(text)).toEqual([]);
  });

  it('is found wherever in a list of numbers it stands', () => {
    const cards = ['4111111111111111', '5500000000000004', '340000000000009', '6011000000000004', '378282246310005'];
    const numbers = ['078-05-1123', '219-09-9999', '123-45-6789', '219-09-9998', '(415) 555-0132', '(415) 555-0133'];
    const list = [...cards, ...numbers, ...cards];
    expect(found(list.join(', ')).map(([, value]) => value)).toEqual(list);
    expect(found(list.join('","')).map(([, value]) => value)).toEqual(list);
    const counted = Array.from({ length: 400 }, (_, index) => index).join(' ');
    expect(found(`${counted} 4111 1111 1111 1111 ${counted}`)).toEqual([['credit-card', '4111 1111 1111 1111']]);
  });

  it('costs steps in proportion to a long list of numbers', () => {
    const steps = (length: number): number => {
      const meter = { steps: 0 };
      inspector.inspect('12 345 6789 '.repeat(length), meter, contextAt('attribute'));
      return meter.steps;
    };
    expect(steps(4000)).toBeLessThan(2.1 * steps(2000));
  });
});
