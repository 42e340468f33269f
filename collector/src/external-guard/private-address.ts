import { BlockList, isIP } from 'node:net';

/** Networks that are not the Internet: this machine, private and carrier networks, link-local (cloud metadata), multicast, documentation. */
const networks = { ipv4: new BlockList(), ipv6: new BlockList() };
for (const [address, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  networks.ipv4.addSubnet(address, prefix, 'ipv4');
for (const [address, prefix] of [
  ['::', 96],
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 32],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  networks.ipv6.addSubnet(address, prefix, 'ipv6');

/** True for what is no address of the public Internet, also for what is no address at all. */
export function isPrivateAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 0) return true;
  // One list for each: in a common one the network of mapped IPv4 addresses would hold all of IPv4.
  const family = version === 6 ? 'ipv6' : 'ipv4';
  return networks[family].check(address, family);
}
