import { BlockList, isIP, isIPv4 } from 'node:net';
import type { LookupFunction } from 'node:net';
import { lookup as systemLookup } from 'node:dns';

/** Addresses that no server of the public internet has: this machine, private and shared networks, documentation, multicast. */
const NOT_PUBLIC: readonly string[] = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...['192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
  ...['224.0.0.0/4', '240.0.0.0/4', '::/96', '64:ff9b::/96', '64:ff9b:1::/48', '100::/64', '2001::/23'],
  ...['2001:db8::/32', '2002::/16', '3fff::/20', '5f00::/16', 'fc00::/7', 'fe80::/10', 'fec0::/10', 'ff00::/8'],
];
const MAPPED = /^::ffff:(?:(\d+\.\d+\.\d+\.\d+)|([0-9a-f]{1,4}):([0-9a-f]{1,4}))$/i;

/** An address, or a network as `address/bits`. */
export function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

function toBlockList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIPv4(address) ? 'ipv4' : 'ipv6';
    list.addSubnet(address, Number(bits ?? (family === 'ipv4' ? 32 : 128)), family);
  }
  return list;
}

/** The IPv4 address inside an IPv6 one that only wraps it. */
function unwrap(address: string): string {
  const match = MAPPED.exec(address);
  if (match === null) return address;
  if (match[1] !== undefined) return match[1];
  const number = parseInt(match[2]!, 16) * 65_536 + parseInt(match[3]!, 16);
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');
}

export interface OutboundAddresses {
  /** Why no request may go to this URL, in words, or undefined. Names are checked when they are resolved. */
  readonly faultOf: (url: string) => string | undefined;
  /** For `http.Agent`: resolves a name and fails when any of its addresses is not allowed; the connection goes to what was checked. */
  readonly lookup: LookupFunction;
}

/** Keeps requests of ours to public addresses and to the networks that the operator has allowed. */
export function createOutboundAddresses(
  allowed: readonly string[],
  resolve: typeof systemLookup = systemLookup
): OutboundAddresses {
  const notPublic = toBlockList(NOT_PUBLIC);
  const exceptions = toBlockList(allowed);
  const isAllowed = (text: string): boolean => {
    const address = unwrap(text);
    const family = isIPv4(address) ? 'ipv4' : 'ipv6';
    return !notPublic.check(address, family) || exceptions.check(address, family);
  };
  const refusal = (host: string): string =>
    `${host} is not a public address; SPANLEDGER_OUTBOUND_ALLOW must name its network`;
  return {
    faultOf: (url) => {
      const { hostname, username, password } = new URL(url);
      if (username !== '' || password !== '') return 'a user and password do not belong into the URL';
      const host = hostname.replace(/^\[|\]$/g, '');
      return isIP(host) !== 0 && !isAllowed(host) ? refusal(host) : undefined;
    },
    lookup: (hostname, options, callback) => {
      resolve(hostname, { ...options, all: true }, (error, addresses) => {
        if (error !== null) return callback(error, []);
        const bad = addresses.find(({ address }) => !isAllowed(address));
        const [first] = addresses;
        if (bad !== undefined || first === undefined)
          return callback(Object.assign(new Error(refusal(hostname)), { code: 'EACCES' }), []);
        if (options.all === true) callback(null, addresses);
        else callback(null, first.address, first.family);
      });
    },
  };
}
