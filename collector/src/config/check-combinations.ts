import type { Config } from '../config.ts';
import { createOutboundAddresses } from '../outbound/outbound-addresses.ts';
import type { ListenAddress } from './field.ts';

/** True when only programs on this machine can connect. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

function formatAddress({ host, port }: ListenAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

type Setting = keyof Config;
type Rule = { readonly needs: readonly Setting[]; readonly faults: (config: Config) => readonly string[] };

function openWithoutKeys(setting: 'httpListen' | 'grpcListen', variable: string): Rule {
  return {
    needs: [setting, 'keys', 'bootstrapKey', 'insecure'],
    faults: (config) => {
      const { keys, bootstrapKey, insecure, [setting]: address } = config;
      if (keys !== undefined || bootstrapKey !== undefined || insecure || isLoopback(address.host)) return [];
      return [
        `${variable}: ${formatAddress(address)} can be reached from other machines, but there are no keys: ` +
          'set SPANLEDGER_KEYS or SPANLEDGER_BOOTSTRAP_KEY, or SPANLEDGER_INSECURE=1 if the network is closed',
      ];
    },
  };
}

const openSqlWithoutUsers: Rule = {
  needs: ['sqlListen', 'sqlUsers', 'clickhouseUrl'],
  faults: ({ sqlListen, sqlUsers, clickhouseUrl }) =>
    clickhouseUrl !== undefined || sqlUsers !== undefined || isLoopback(sqlListen.host)
      ? []
      : [
          `SPANLEDGER_SQL_LISTEN: ${formatAddress(sqlListen)} can be reached from other machines, but there are no users: ` +
            'set SPANLEDGER_SQL_USERS',
        ],
};

const keysWithoutPepper: Rule = {
  needs: ['keys', 'keyPepper'],
  faults: ({ keys, keyPepper }) =>
    keys !== undefined && keyPepper === undefined ? ['SPANLEDGER_KEY_PEPPER: must be set when SPANLEDGER_KEYS is'] : [],
};

const samePort: Rule = {
  needs: ['httpListen', 'grpcListen', 'sqlListen', 'clickhouseUrl'],
  faults: (config) => {
    const listeners: [variable: string, address: ListenAddress][] = [
      ['SPANLEDGER_HTTP_LISTEN', config.httpListen],
      ['SPANLEDGER_GRPC_LISTEN', config.grpcListen],
    ];
    if (config.clickhouseUrl === undefined) listeners.push(['SPANLEDGER_SQL_LISTEN', config.sqlListen]);
    const taken = new Map<string, string>();
    return listeners.flatMap(([variable, address]) => {
      const place = formatAddress(address);
      const other = taken.get(place);
      taken.set(place, variable);
      return other === undefined || address.port === 0 ? [] : [`${variable}: ${place} is taken by ${other}`];
    });
  },
};

const forwardInside: Rule = {
  needs: ['forwardUrl', 'outboundAllow'],
  faults: ({ forwardUrl, outboundAllow }) => {
    const fault =
      forwardUrl === undefined ? undefined : createOutboundAddresses(outboundAllow ?? []).faultOf(forwardUrl);
    return fault === undefined ? [] : [`SPANLEDGER_FORWARD_URL: ${fault}`];
  },
};

/** Statements name the database themselves. */
const otherDatabase: Rule = {
  needs: ['clickhouseUrl'],
  faults: ({ clickhouseUrl }) =>
    clickhouseUrl === undefined || ['/', '/genai', '/genai/'].includes(new URL(clickhouseUrl).pathname)
      ? []
      : ['SPANLEDGER_CLICKHOUSE_URL: the database is always genai; leave the path out'],
};

const rules: readonly Rule[] = [
  openWithoutKeys('httpListen', 'SPANLEDGER_HTTP_LISTEN'),
  openWithoutKeys('grpcListen', 'SPANLEDGER_GRPC_LISTEN'),
  keysWithoutPepper,
  openSqlWithoutUsers,
  samePort,
  forwardInside,
  otherDatabase,
];

/**
 * What is wrong with settings that are each fine: open listeners without keys, two listeners on one port. A rule about a
 * setting that could not be read (`unreadable`) says nothing: its fault is told already.
 */
export function checkCombinations(config: Config, unreadable: ReadonlySet<string>): readonly string[] {
  return rules
    .filter(({ needs }) => !needs.some((setting) => unreadable.has(setting)))
    .flatMap(({ faults }) => faults(config));
}
