// Which addresses belong to the internet, so that a caller's URL cannot lead into our own network.
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Global unicast (RFC 4291, 2.4). What lies outside of it, such as `::127.0.0.1`, is no address of the internet. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');
/** NAT64 (RFC 6052): how a network without IPv4 reaches an IPv4 address, which is the last four bytes. */
const NAT64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96');
/** Looks public, yet is Azure's platform as seen from inside one of its machines. */
const AZURE_PLATFORM = '168.63.129.16';

/**
 * False for loopback, private, link-local, shared (RFC 6598), multicast, documentation and all other special addresses,
 * and for IPv6 addresses that stand for such an IPv4 one. `address` is an IP address, not a name.
 */
export function isPublicAddress(address: string): boolean {
  const parsed = ipaddr.parse(address);
  if (parsed instanceof ipaddr.IPv4) return parsed.range() === 'unicast' && parsed.toString() !== AZURE_PLATFORM;
  if (parsed.match(NAT64)) return isPublicAddress(parsed.toByteArray().slice(12).join('.'));
  return parsed.match(GLOBAL_UNICAST) && parsed.range() === 'unicast';
}

/** True for `127.0.0.1` and its like; false for every name, `localhost` too. */
export function isLoopbackAddress(host: string): boolean {
  return isIP(host) !== 0 && ipaddr.parse(host).range() === 'loopback';
}
